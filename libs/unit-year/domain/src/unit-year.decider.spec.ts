import { describe, expect, it } from '@jest/globals';
import { AMOUNT_FEN_MAX, scheduleUntil } from '@qiyue/civic-domain';
import type { Actor, Context } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { availableFenOf, ENDED_KEPT, PLEDGES_MAX, RESERVATIONS_MAX, unitYearDecider, unitYearIdOf, type UnitYearEvent } from './index';
import {
  allLinked,
  centre,
  closed,
  committed,
  contested,
  cora,
  failed,
  fulfilled,
  funding,
  granted,
  linked,
  NOW,
  opened,
  please,
  promised,
  published,
  released,
  reserved,
  settled,
  stateAfter,
  TABLES,
  tablesWith,
  threePledges,
  toFulfilling,
  toPublished,
  underWay,
  water,
  waters,
  YEAR_END,
} from './testing/unit-year.fixtures';

const given = specFor(unitYearDecider, { now: NOW, tables: TABLES });
const by = (actor: Actor, more: Partial<Context> = {}): Partial<Context> => ({ actor, ...more });
const reserve = (reservationId: string, amountFen: number, needId = reservationId) =>
  please('reserve', { ...waters, reservationId, needId, amountFen });

describe('a unit and a year', () => {
  it('are one entity, whoever opens it', () => {
    expect(unitYearIdOf(waters)).toBe(unitYearIdOf({ year: 2024, unit: 'Water' }));
    expect(new Set([waters, { unit: 'Water', year: 2025 }, { unit: 'Roads', year: 2024 }].map(unitYearIdOf)).size).toBe(3);
    expect(unitYearIdOf(waters)).toMatch(/^[0-9a-z]{26}$/);
    // A budget that binds only one of two names that are read alike binds nobody.
    const alike = ['AB局 一', 'ＡＢ局 一', 'AB局\u00a0一', 'AB局  一'];
    expect(new Set(alike.map((unit) => unitYearIdOf({ unit, year: 2024 }))).size).toBe(1);
    expect(unitYearIdOf({ unit: '⽔务局', year: 2024 })).toBe(unitYearIdOf({ unit: '水务局', year: 2024 }));
  });
});

describe('opening a year', () => {
  it('starts the deadline for publishing and fixes the year’s end', () => {
    given().when(please('open'), by(centre)).then(opened);
    expect(opened.data).toMatchObject({ dueAt: '2024-04-01T18:00:00.000+08:00', closesAt: YEAR_END }); // 31 March 2024 is a Sunday
  });
  it('is silent when it is open, and when it was', () => {
    given(opened).when(please('open'), by(centre)).thenNothing();
    given(...toFulfilling, closed)
      .when(please('open'), by(centre))
      .thenNothing();
  });
  it('takes no other unit or year for the same', () => {
    given(opened)
      .when(please('open', { unit: 'Water', year: 2025 }), by(centre))
      .thenRefused('invalid-body', { field: 'unit' });
  });
  it('is too late once the year is over, and not a moment before', () => {
    given()
      .when(please('open'), by(centre, { now: YEAR_END }))
      .thenRefused('too-late', { until: YEAR_END });
    const now = '2024-12-31T23:59:59.999+08:00';
    const deadline = scheduleUntil(TABLES, now, '2024-12-31');
    given()
      .when(please('open'), by(centre, { now }))
      .then({ type: 'UnitYearOpened', data: { ...opened.data, openedAt: now, dueAt: YEAR_END, deadline } });
  });
  it('waits for the year’s end where the day to publish by is over', () => {
    const now = '2024-04-08T09:00:00.000+08:00';
    given()
      .when(please('open'), by(centre, { now }))
      .then({ type: 'UnitYearOpened', data: { ...opened.data, openedAt: now, dueAt: YEAR_END, deadline: scheduleUntil(TABLES, now, '2024-12-31') } });
  });
  it('has no deadline but the year’s end without calendar and policy', () => {
    given()
      .when(please('open'), by(centre, { tables: {} }))
      .then({ type: 'UnitYearOpened', data: { ...waters, openedAt: NOW, closesAt: YEAR_END, dueAt: null, policy: 'default-unit-year-1' } });
  });
});

describe('the budget', () => {
  it('is set, and set anew', () => {
    given(opened).when(please('set-budget'), by(centre)).then(granted);
    given(opened, granted)
      .when(please('set-budget', { amountFen: 0, reference: 'F-2' }), by(centre))
      .then({ type: 'BudgetSet', data: { ...waters, beforeFen: 1_000, amountFen: 0, reference: 'F-2' } });
  });
  it('is adjusted by more or less, once there is one', () => {
    const adjusted = { type: 'BudgetAdjusted', data: { ...waters, beforeFen: 1_000, deltaFen: -600, amountFen: 400, reason: 'less' } } as const;
    const less = please('adjust-budget', { deltaFen: -600, reason: 'less' });
    given(opened, granted, reserved).when(less, by(centre)).then(adjusted);
    given(opened).when(less, by(centre)).thenRefused('no-budget');
  });
  it('never falls below what is reserved and spent', () => {
    const detail = { availableFen: 600, usedFen: 400 };
    given(opened, granted, reserved)
      .when(please('set-budget', { amountFen: 399, reference: 'F-2' }), by(centre))
      .thenRefused('over-budget', detail);
    given(opened, granted, reserved)
      .when(please('adjust-budget', { deltaFen: -601, reason: 'less' }), by(centre))
      .thenRefused('over-budget', detail);
    given(opened, granted, reserved, committed)
      .when(please('set-budget', { amountFen: 300, reference: 'F-2' }), by(centre))
      .then({ type: 'BudgetSet', data: { ...waters, beforeFen: 1_000, amountFen: 300, reference: 'F-2' } });
  });
  it.each([-1, 0.5, AMOUNT_FEN_MAX + 1, Number.NaN])('is no amount such as %p', (amountFen) => {
    given(opened)
      .when(please('set-budget', { amountFen, reference: 'x' }), by(centre))
      .thenRefused('invalid-body', { field: 'amountFen' });
  });
  it.each([0, 0.5, AMOUNT_FEN_MAX])('is not adjusted by %p', (deltaFen) => {
    given(opened, granted)
      .when(please('adjust-budget', { deltaFen, reason: 'x' }), by(centre))
      .thenRefused('invalid-body', { field: 'deltaFen' });
  });
});

describe('reserving', () => {
  it('takes what is there, to the last fen', () => {
    given(opened, granted).when(please('reserve'), by(funding)).then(reserved);
    given(opened, granted, reserved)
      .when(reserve('r2', 600), by(funding))
      .then({ type: 'FundsReserved', data: { ...waters, reservationId: 'r2', needId: 'r2', amountFen: 600 } });
  });
  it('is refused one fen above it, with what is available', () => {
    given(opened, granted, reserved).when(reserve('r2', 601), by(funding)).thenRefused('over-budget', { availableFen: 600, usedFen: 400 });
  });
  it('has no bound where no budget was set, unless the policy wants one', () => {
    given(opened).when(please('reserve'), by(funding)).then(reserved);
    given(opened)
      .when(please('reserve'), by(funding, { tables: tablesWith({ budgetRequired: true }) }))
      .thenRefused('no-budget');
    given(opened, granted)
      .when(please('reserve'), by(funding, { tables: tablesWith({ budgetRequired: true }) }))
      .then(reserved);
  });
  it('opens a year that nobody has opened', () => {
    given().when(please('reserve'), by(funding)).then(opened, reserved);
    given()
      .when(please('reserve'), by(funding, { tables: tablesWith({ budgetRequired: true }) }))
      .thenRefused('no-budget');
    given()
      .when(please('reserve'), by(funding, { now: YEAR_END }))
      .thenRefused('too-late');
  });
  it('happens once for a reservation, however often it is asked for', () => {
    given(opened, granted, reserved).when(please('reserve'), by(funding)).thenNothing();
    given(opened, granted, reserved)
      .when(reserve('r1', 401, 'n1'), by(funding))
      .thenRefused('reservation-differs', { reservationId: 'r1' });
    given(opened, granted, reserved)
      .when(reserve('r1', 400, 'n2'), by(funding))
      .thenRefused('reservation-differs', { reservationId: 'r1' });
  });
  it('does not begin again what has ended', () => {
    given(opened, granted, reserved, committed)
      .when(please('reserve'), by(funding))
      .thenRefused('reservation-ended', { reservationId: 'r1', end: 'committed' });
    given(opened, granted, reserved, released)
      .when(please('reserve'), by(funding))
      .thenRefused('reservation-ended', { reservationId: 'r1', end: 'released' });
  });
  it('is not taken by a closed year', () => {
    given(...toFulfilling, granted, closed)
      .when(please('reserve'), by(funding))
      .thenRefused('closed');
  });
  it('is for the year that is named, and an amount', () => {
    given(opened)
      .when(please('reserve', { unit: 'Roads', year: 2024, reservationId: 'r1', needId: 'n1', amountFen: 1 }), by(funding))
      .thenRefused('invalid-body', { field: 'unit' });
    for (const amountFen of [0, -1, 1.5, AMOUNT_FEN_MAX + 1]) given(opened).when(reserve('r1', amountFen), by(funding)).thenRefused('invalid-body');
  });
  it('has an end: so many at once', () => {
    const many = Array.from({ length: RESERVATIONS_MAX }, (_, i): UnitYearEvent => ({
      ...reserved,
      data: { ...reserved.data, reservationId: `x${i}` },
    }));
    given(opened, ...many)
      .when(please('reserve'), by(funding))
      .thenRefused('too-many-reservations', { max: RESERVATIONS_MAX });
  });
});

describe('what is reserved', () => {
  it('is spent, and the rest given back', () => {
    given(opened, granted, reserved).when(please('commit'), by(funding)).then(committed);
    const state = stateAfter([opened, granted, reserved, committed]);
    expect(state).toMatchObject({ grantedFen: 1_000, committedFen: 300, reservations: [], ended: [{ reservationId: 'r1', end: 'committed' }] });
    expect(state.stage === 'nonexistent' ? null : availableFenOf(state)).toBe(700);
  });
  it('is spent in part or whole, never above', () => {
    given(opened, granted, reserved)
      .when(please('commit', { reservationId: 'r1', amountFen: 401 }), by(funding))
      .thenRefused('over-reservation', { reservedFen: 400 });
    given(opened, granted, reserved)
      .when(please('commit', { reservationId: 'r1', amountFen: 0 }), by(funding))
      .then({ type: 'FundsCommitted', data: { ...committed.data, amountFen: 0, returnedFen: 400 } });
  });
  it('is released as a whole', () => {
    given(opened, granted, reserved).when(please('release'), by(funding)).then(released);
    expect(stateAfter([opened, granted, reserved, released])).toMatchObject({ committedFen: 0, reservations: [] });
  });
  it('moves once, whatever comes again', () => {
    given(opened, reserved, committed).when(please('commit'), by(funding)).thenNothing();
    given(opened, reserved, committed)
      .when(please('commit', { reservationId: 'r1', amountFen: 0 }), by(funding))
      .thenNothing();
    given(opened, reserved, released).when(please('release'), by(funding)).thenNothing();
    given(opened, reserved, released).when(please('commit'), by(funding)).thenRefused('reservation-ended', { reservationId: 'r1', end: 'released' });
    given(opened, reserved, committed)
      .when(please('release'), by(funding))
      .thenRefused('reservation-ended', { reservationId: 'r1', end: 'committed' });
  });
  it('is not there by another name', () => {
    for (const type of ['commit', 'release', 'resize'] as const)
      given(opened).when(please(type), by(funding)).thenRefused('no-such-reservation', { reservationId: 'r1' });
  });
  it('still moves in a closed year, which ends with the last of it', () => {
    const past = [...toFulfilling, granted, reserved, failed('p1'), failed('p2'), failed('p3', 'service'), closed];
    given(...past)
      .when(please('commit'), by(funding))
      .then(committed);
    given(...past)
      .when(please('release'), by(funding))
      .then(released);
    expect([past, [...past, committed], [...past, released]].map((events) => unitYearDecider.isFinal(stateAfter(events)))).toEqual([
      false,
      true,
      true,
    ]);
  });
  it('is resized within the budget; a closed year only gives back', () => {
    const resized = (amountFen: number) => ({ type: 'ReservationResized' as const, data: { ...reserved.data, beforeFen: 400, amountFen } });
    const to = (amountFen: number) => please('resize', { reservationId: 'r1', amountFen });
    given(opened, granted, reserved).when(to(1_000), by(funding)).then(resized(1_000));
    given(opened, granted, reserved).when(to(1_001), by(funding)).thenRefused('over-budget', { availableFen: 600, usedFen: 400 });
    given(opened, granted, reserved).when(to(400), by(funding)).thenNothing();
    given(opened, granted, reserved).when(to(0), by(funding)).thenRefused('invalid-body');
    given(...toFulfilling, granted, reserved, closed)
      .when(to(401), by(funding))
      .thenRefused('closed');
    given(...toFulfilling, granted, reserved, closed)
      .when(to(399), by(funding))
      .then(resized(399));
    expect(stateAfter([opened, granted, reserved, resized(1_000)])).toMatchObject({ reservations: [{ reservationId: 'r1', amountFen: 1_000 }] });
  });
  it('is resized from what it was seen to be, not from the same amount at another time', () => {
    const from = (beforeFen: number, beforeRevision: number) =>
      please('resize', { reservationId: 'r1', amountFen: 450, revision: 3, beforeFen, beforeRevision });
    const resized = (beforeFen: number, amountFen: number, revision: number) => ({
      type: 'ReservationResized' as const,
      data: { ...reserved.data, beforeFen, amountFen, revision },
    });
    const past = [opened, granted, reserved, resized(400, 500, 1), resized(500, 400, 2)] as const;
    given(...past)
      .when(from(400, 2), by(funding))
      .then(resized(400, 450, 3));
    given(...past, resized(400, 450, 3))
      .when(please('resize', { reservationId: 'r1', amountFen: 450, revision: 3 }), by(funding))
      .thenNothing();
    for (const stale of [from(400, 0), from(500, 2)])
      given(...past)
        .when(stale, by(funding))
        .thenRefused('reservation-differs', { reservationId: 'r1' });
  });
  it('is remembered when it has ended, the newest of it', () => {
    const lives = Array.from({ length: ENDED_KEPT + 1 }, (_, i): readonly UnitYearEvent[] => {
      const data = { ...reserved.data, reservationId: `x${i}` };
      return [
        { ...reserved, data },
        { ...released, data },
      ];
    }).flat();
    given(opened, ...lives)
      .when(reserve('x1', 1), by(funding))
      .thenRefused('reservation-ended');
    given(opened, ...lives)
      .when(please('release', { reservationId: 'x0' }), by(funding))
      .thenRefused('no-such-reservation');
  });
});

describe('pledging', () => {
  it('numbers the pledges as they are made', () => {
    given(opened, promised('p1'))
      .when(please('pledge', { kind: 'service', title: 'Lectures', community: 'Lakeside', targetBy: '2024-05-31T23:59:59.999+08:00' }), by(water))
      .then({
        type: 'PledgeMade',
        data: { ...waters, pledgeId: 'p2', kind: 'service', title: 'Lectures', community: 'Lakeside', targetBy: '2024-05-31T23:59:59.999+08:00' },
      });
  });
  it('gives no number twice', () => {
    const withdrawn: UnitYearEvent = { type: 'PledgeWithdrawn', data: { ...waters, pledgeId: 'p1', kind: 'tangible', reason: 'x' } };
    given(opened, promised('p1'), withdrawn)
      .when(please('pledge'), by(water))
      .then(promised('p2', 'tangible', 'Street lights'));
  });
  it('is for the year and has a title', () => {
    given(opened)
      .when(please('pledge', { kind: 'service', title: 't', targetBy: '2025-01-01T00:00:00.001+08:00' }), by(water))
      .thenRefused('invalid-body', { field: 'targetBy' });
    given(opened)
      .when(please('pledge', { kind: 'service', title: ' ' }), by(water))
      .thenRefused('invalid-body', { field: 'title' });
  });
  it('may be more than the policy says before it is published, not after', () => {
    given(opened, ...threePledges, promised('p4'))
      .when(please('pledge'), by(water))
      .then(promised('p5', 'tangible', 'Street lights'));
    given(opened, ...threePledges, promised('p4'), published)
      .when(please('pledge'), by(water))
      .thenRefused('pledges-out-of-bounds', { tangible: 4, tangibleMin: 2, tangibleMax: 3, service: 1, serviceMin: 1, serviceMax: 2 });
    given(...toPublished)
      .when(please('pledge'), by(water))
      .then(promised('p4', 'tangible', 'Street lights'));
  });
  it('has an end', () => {
    const many = Array.from({ length: PLEDGES_MAX }, (_, i) => promised(`p${i + 1}`));
    given(opened, ...many)
      .when(please('pledge'), by(water))
      .thenRefused('too-many-pledges', { max: PLEDGES_MAX });
  });
  it('is amended freely until it is published, and then only said more exactly', () => {
    const amend = (data: object) => please('amend-pledge', { pledgeId: 'p1', ...data });
    const amended = (data: object) => ({ type: 'PledgeAmended' as const, data: { ...waters, pledgeId: 'p1', ...data } });
    given(opened, promised('p1'))
      .when(amend({ title: 'New', kind: 'service' }), by(water))
      .then(amended({ title: 'New', kind: 'service' }));
    given(opened, promised('p1')).when(amend({}), by(water)).thenRefused('nothing-to-amend');
    given(opened, promised('p1'))
      .when(amend({ title: '' }), by(water))
      .thenRefused('invalid-body', { field: 'title' });
    given(opened, promised('p1'))
      .when(amend({ targetBy: '2026-01-01T00:00:00.000+08:00' }), by(water))
      .thenRefused('invalid-body');
    given(opened, promised('p1'), linked('p1', 'n1'))
      .when(amend({ kind: 'service' }), by(water))
      .thenRefused('wrong-state');
    given(...toPublished)
      .when(amend({ description: 'solar' }), by(water))
      .then(amended({ description: 'solar' }));
    given(...toPublished)
      .when(amend({ description: 'solar', title: 'New' }), by(water))
      .thenRefused('already-published');
    given(...toPublished)
      .when(please('amend-pledge', { pledgeId: 'p9', title: 'x' }), by(water))
      .thenRefused('no-such-pledge', { pledgeId: 'p9' });
    expect(stateAfter([opened, promised('p1'), amended({ title: 'New', kind: 'service' })])).toMatchObject({
      pledges: [{ title: 'New', kind: 'service', state: 'promised' }],
    });
  });
  it('is withdrawn with a reason, after publishing only above the least number', () => {
    const withdrawn = { type: 'PledgeWithdrawn' as const, data: { ...waters, pledgeId: 'p1', kind: 'tangible' as const, reason: 'done by others' } };
    given(opened, promised('p1')).when(please('withdraw-pledge'), by(water)).then(withdrawn);
    given(...toPublished)
      .when(please('withdraw-pledge'), by(water))
      .thenRefused('pledges-out-of-bounds');
    given(...toPublished, promised('p4'))
      .when(please('withdraw-pledge'), by(water))
      .then(withdrawn);
    given(opened, promised('p1'), withdrawn)
      .when(please('withdraw-pledge'), by(water))
      .thenRefused('wrong-state', { pledgeId: 'p1', state: 'withdrawn' });
  });
});

describe('publishing', () => {
  it('starts the half year in which each pledge gets its need', () => {
    given(opened, ...threePledges)
      .when(please('publish'), by(centre))
      .then(published);
  });
  it.each([
    [[promised('p1'), promised('p2')], { tangible: 2, service: 0 }],
    [[promised('p1'), promised('p2', 'service')], { tangible: 1, service: 1 }],
    [[...threePledges, promised('p4'), promised('p5')], { tangible: 4, service: 1 }],
    [[...threePledges, promised('p4', 'service'), promised('p5', 'service')], { tangible: 2, service: 3 }],
  ])('is refused with bounds and counts below and above what the policy says', (pledges, counts) => {
    given(opened, ...pledges)
      .when(please('publish'), by(centre))
      .thenRefused('pledges-out-of-bounds', { ...{ tangibleMin: 2, tangibleMax: 3, serviceMin: 1, serviceMax: 2 }, ...counts });
  });
  it('goes by the bounds of the policy at hand', () => {
    const none = tablesWith({ bounds: { tangible: { min: 0, max: 0 }, service: { min: 0, max: 0 } } });
    given(opened)
      .when(please('publish'), by(centre, { tables: none }))
      .then({ type: 'PledgesPublished', data: { ...underWay.data, stage: 'fulfilling' } });
    given(opened, promised('p1'))
      .when(please('publish'), by(centre, { tables: none }))
      .thenRefused('pledges-out-of-bounds');
  });
  it('does not wait for needs that are linked, nor for a day that is over', () => {
    given(opened, ...threePledges, ...allLinked)
      .when(please('publish'), by(centre))
      .then({ type: 'PledgesPublished', data: { ...underWay.data, stage: 'fulfilling' } });
    const now = '2024-07-08T09:00:00.000+08:00';
    given(opened, ...threePledges)
      .when(please('publish'), by(centre, { now }))
      .then({
        type: 'PledgesPublished',
        data: { ...waters, stage: 'fulfilling', dueAt: YEAR_END, policy: 'default-1', deadline: scheduleUntil(TABLES, now, '2024-12-31') },
      });
  });
});

describe('the need of a pledge', () => {
  it('is linked and unlinked', () => {
    given(opened, ...threePledges)
      .when(please('link'), by(water))
      .then(linked('p1', 'n1'));
    given(opened, ...threePledges, linked('p1', 'n1'))
      .when(please('link'), by(water))
      .thenNothing();
    given(opened, ...threePledges, linked('p1', 'n1'))
      .when(please('link', { pledgeId: 'p1', needId: 'n2' }), by(water))
      .thenRefused('wrong-state');
    const unlinked = { type: 'PledgeUnlinked' as const, data: { ...waters, pledgeId: 'p1', kind: 'tangible' as const, needId: 'n1' } };
    given(opened, ...threePledges, linked('p1', 'n1'))
      .when(please('unlink'), by(water))
      .then(unlinked);
    given(opened, ...threePledges)
      .when(please('unlink'), by(water))
      .thenNothing();
    expect(stateAfter([opened, promised('p1'), linked('p1', 'n1'), unlinked])).toMatchObject({ pledges: [{ state: 'promised', needId: null }] });
  });
  it('is that of one pledge', () => {
    const second = please('link', { pledgeId: 'p2', needId: 'n1' });
    given(opened, ...threePledges, linked('p1', 'n1'))
      .when(second, by(water))
      .thenRefused('need-taken', { pledgeId: 'p1' });
    given(...toPublished, linked('p1', 'n1'), contested)
      .when(second, by(water))
      .thenRefused('need-taken', { pledgeId: 'p1' });
    given(...toPublished, linked('p1', 'n1'), contested, settled(true), failed('p1', 'tangible', 'contest-upheld'))
      .when(second, by(water))
      .then(linked('p2', 'n1'));
  });
  it('is there for each pledge: that is said once', () => {
    given(...toPublished, ...allLinked.slice(0, 2))
      .when(please('link', { pledgeId: 'p3', needId: 'n3' }), by(water))
      .then(linked('p3', 'n3', 'service'), underWay);
    given(opened, ...threePledges, ...allLinked.slice(0, 2))
      .when(please('link', { pledgeId: 'p3', needId: 'n3' }), by(water))
      .then(linked('p3', 'n3', 'service'));
    given(...toFulfilling)
      .when(please('unlink'), by(water))
      .then({ type: 'PledgeUnlinked', data: { ...waters, pledgeId: 'p1', kind: 'tangible', needId: 'n1' } });
  });
  it('fulfils it when it is evaluated and satisfied', () => {
    given(...toFulfilling)
      .when(please('fulfil-pledge'), by(funding))
      .then(fulfilled);
    given(...toFulfilling)
      .when(please('fulfil-pledge', { needId: 'n1', kind: 'tangible', satisfied: false }), by(funding))
      .thenNothing();
    given(...toFulfilling, fulfilled)
      .when(please('fulfil-pledge'), by(funding))
      .thenNothing();
    given(...toFulfilling)
      .when(please('fulfil-pledge', { needId: 'n9', kind: 'service', satisfied: true }), by(funding))
      .thenNothing();
  });
  it('does not when it became one of the other kind', () => {
    given(...toFulfilling)
      .when(please('fulfil-pledge', { needId: 'n1', kind: 'service', satisfied: true }), by(funding))
      .thenNothing();
  });
  it('does not once the year is closed', () => {
    given(...toFulfilling, failed('p1'), closed)
      .when(please('fulfil-pledge'), by(funding))
      .thenNothing();
  });
});

describe('a contest', () => {
  const settle = (upheld: boolean) => please('settle', { pledgeId: 'p1', upheld, reason: 'so it is' });
  it('names the community and its reason', () => {
    given(...toPublished)
      .when(please('contest', { pledgeId: 'p1', reason: 'no' }), by(cora))
      .then(contested);
    given(...toPublished, contested)
      .when(please('contest'), by(cora))
      .thenRefused('wrong-state', { pledgeId: 'p1', state: 'contested' });
  });
  it('that is not upheld leaves the pledge where it was, for good', () => {
    given(...toPublished, contested)
      .when(settle(false), by(centre))
      .then(settled(false));
    for (const [past, state] of [
      [toPublished, 'promised'],
      [toFulfilling, 'linked'],
      [[...toFulfilling, fulfilled], 'fulfilled'],
    ] as const)
      expect(stateAfter([...past, contested, settled(false)])).toMatchObject({ pledges: [{ state, contestedFrom: null, isSettled: true }, {}, {}] });
    given(...toPublished, contested, settled(false))
      .when(please('contest'), by(cora))
      .thenRefused('already-settled', { pledgeId: 'p1' });
  });
  it('that is upheld fails the pledge, also one that was fulfilled', () => {
    given(...toPublished, contested)
      .when(settle(true), by(centre))
      .then(settled(true), failed('p1', 'tangible', 'contest-upheld'));
    given(...toFulfilling, fulfilled, contested)
      .when(settle(true), by(centre))
      .then(settled(true), failed('p1', 'tangible', 'contest-upheld'));
  });
  it('that is upheld can leave no pledge without its need', () => {
    given(...toPublished, linked('p2', 'n2'), linked('p3', 'n3', 'service'), contested)
      .when(settle(true), by(centre))
      .then(settled(true), failed('p1', 'tangible', 'contest-upheld'), underWay);
  });
  it('does not keep the need from being done', () => {
    given(...toFulfilling, contested)
      .when(please('fulfil-pledge'), by(funding))
      .then(fulfilled);
    given(...toFulfilling, contested, fulfilled)
      .when(please('fulfil-pledge'), by(funding))
      .thenNothing();
    expect(stateAfter([...toFulfilling, contested, fulfilled])).toMatchObject({
      pledges: [{ state: 'contested', contestedFrom: 'fulfilled' }, {}, {}],
    });
  });
  it('is settled only where there is one', () => {
    given(...toPublished)
      .when(settle(true), by(centre))
      .thenRefused('wrong-state', { pledgeId: 'p1', state: 'promised' });
  });
});

describe('closing', () => {
  it('fails what is not fulfilled, and says so for each', () => {
    given(...toFulfilling, fulfilled)
      .when(please('close'), by(centre))
      .then(failed('p2'), failed('p3', 'service'), closed);
  });
  it('leaves alone what was carried over, with a reason', () => {
    const carried = {
      type: 'PledgeCarriedOver' as const,
      data: { ...waters, pledgeId: 'p1', kind: 'tangible' as const, title: 'p1', reason: 'the frost came early' },
    };
    given(...toFulfilling)
      .when(please('carry-over'), by(centre))
      .then(carried);
    given(...toFulfilling, carried)
      .when(please('close'), by(centre))
      .then(failed('p2'), failed('p3', 'service'), closed);
    given(...toFulfilling, fulfilled)
      .when(please('carry-over'), by(centre))
      .thenRefused('wrong-state', { pledgeId: 'p1', state: 'fulfilled' });
    given(...toPublished, linked('p2', 'n2'), linked('p3', 'n3', 'service'))
      .when(please('carry-over'), by(centre))
      .then(carried, underWay);
  });
  it('lets the contest of a fulfilled pledge lapse', () => {
    const lapsed: UnitYearEvent = { ...closed, data: { ...closed.data, lapsedContests: ['p1'] } };
    given(...toFulfilling, fulfilled, contested)
      .when(please('close'), by(centre))
      .then(failed('p2'), failed('p3', 'service'), lapsed);
    expect(stateAfter([...toFulfilling, fulfilled, contested, failed('p2'), failed('p3', 'service'), lapsed])).toMatchObject({
      stage: 'closed',
      pledges: [{ state: 'fulfilled', contestedFrom: null }, { state: 'failed' }, { state: 'failed' }],
    });
    given(...toFulfilling, contested)
      .when(please('close'), by(centre))
      .then(failed('p1'), failed('p2'), failed('p3', 'service'), closed);
  });
  it('happens once', () => {
    given(...toFulfilling, closed)
      .when(please('close'), by(centre))
      .thenRefused('closed', { command: 'close' });
  });
});
