import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { departmentFenOf, NEED_RULES, needDecider, type FundReservation, type NeedCommand, type NeedEvent } from './index';
import {
  but,
  centre,
  claimed,
  communityHappy,
  cora,
  done,
  evaluated,
  funded,
  NOW,
  please,
  refused,
  reopenedByHand,
  reported,
  residentHappy,
  submitted,
  TABLES,
  ann,
  water,
} from './testing/need.fixtures';

const given = specFor(needDecider, { rules: NEED_RULES, now: NOW, tables: TABLES });
const under = (rules: number) => specFor(needDecider, { rules, now: NOW });

const RESERVED: FundReservation = { unitYearId: 'y', reservationId: 'r1', unit: 'Water', departmentFen: 500_000 };
const MIXED = { amountFen: 500_000, source: 'mixed', reference: 'B-1' } as const;
const reserved = but(funded, { reservation: RESERVED });
const halfDonated = but(funded, {
  source: 'mixed',
  split: { departmentFen: 300_000, donationFen: 200_000 },
  reservation: { ...RESERVED, departmentFen: 300_000 },
});
const fund = (data: object): NeedCommand =>
  ({ type: 'fund', data: { amountFen: 500_000, source: 'department', reference: 'B-1', ...data } }) as NeedCommand;
const adjust = (data: object): NeedCommand => ({ type: 'adjust-funding', data: { reason: 'r', deltaFen: 1, ...data } }) as NeedCommand;
const complete = (finalCostFen: number): NeedCommand => please('complete', { evidence: [{ kind: 'photo', text: 't' }], finalCostFen });
const dataOf = (events: readonly NeedEvent[], type: NeedEvent['type']): object => events.find((event) => event.type === type)?.data ?? {};

describe('funding', () => {
  const past = [submitted, claimed] as const;

  it.each([
    ['a department', {}, 500_000],
    ['nobody else in a donation', { source: 'donation' }, 0],
    ['its part of a mixed funding', { source: 'mixed', split: { departmentFen: 300_000, donationFen: 200_000 } }, 300_000],
    ['nothing of a rework', { source: 'rework', amountFen: 0 }, 0],
  ])('takes from the lead’s year what %s pays', (_, data, departmentFen) => {
    expect(departmentFenOf(fund(data).data as never)).toBe(departmentFen);
  });

  it('says what was reserved for it, and who pays which part', () => {
    const split = { departmentFen: 300_000, donationFen: 200_000 };
    const reservation = { ...RESERVED, departmentFen: 300_000 };
    const events = given(...past)
      .when(fund({ ...MIXED, split, reservation }), { actor: water })
      .thenAccepted();
    expect(dataOf(events, 'NeedFunded')).toMatchObject({ source: 'mixed', split, reservation });
  });

  it('is refused when another unit leads by now than the one whose money was reserved', () => {
    given(submitted, but(claimed, { unit: 'Roads' }))
      .when(fund({ reservation: RESERVED }), { actor: centre })
      .thenRefused('lead-changed');
  });

  it.each([
    ['that do not add up', { departmentFen: 300_000, donationFen: 100_000 }, 'invalid-body'],
    ['that are less than nothing', { departmentFen: 600_000, donationFen: -100_000 }, 'invalid-body'],
    ["of which the maintenance fund's waits for a decision", { departmentFen: 300_000, fundFen: 200_000 }, 'decision-missing'],
    ['that nobody has named', undefined, 'decision-missing'],
  ])('is refused with parts %s', (_, split, code) => {
    given(...past)
      .when(fund({ ...MIXED, ...(split === undefined ? {} : { split }) }), { actor: water })
      .thenRefused(code as never);
  });

  it('is refused with parts where there is one source', () => {
    given(...past)
      .when(fund({ split: { departmentFen: 500_000 } }), { actor: water })
      .thenRefused('invalid-body');
  });

  it('was refused for several sources, and knew no parts, before rules 4', () => {
    under(3)(...past)
      .when(fund({ ...MIXED, split: { departmentFen: 500_000 } }), { actor: water })
      .thenRefused('decision-missing');
    under(3)(...past)
      .when(fund({ source: 'rework', amountFen: 0 }), { actor: water })
      .thenRefused('invalid-body');
  });
});

describe('rework', () => {
  const toReopened = [submitted, claimed, reserved, reported, done, residentHappy, communityHappy, evaluated, reopenedByHand];

  it('of a reopened need is funded with nothing', () => {
    given(...toReopened)
      .when(fund({ source: 'rework', amountFen: 0 }), { actor: water })
      .thenAccepted();
  });
  it('may not come with money, nor without having been reopened', () => {
    given(...toReopened)
      .when(fund({ source: 'rework' }), { actor: water })
      .thenRefused('invalid-body');
    given(submitted, claimed)
      .when(fund({ source: 'rework', amountFen: 0 }), { actor: water })
      .thenRefused('not-reopened');
  });
  it('gives nothing back and spends nothing when it is accepted', () => {
    const rework = but(funded, { source: 'rework', amountFen: 0 });
    const events = given(...toReopened, rework, reported)
      .when(please('accept'), { actor: cora })
      .thenAccepted();
    expect(dataOf(events, 'NeedDone')).not.toHaveProperty('reservation');
  });
});

describe('an adjustment', () => {
  const past = [submitted, claimed, reserved] as const;

  it('changes the amount, and what is reserved with it', () => {
    const reservation = { ...RESERVED, departmentFen: 600_000, revision: 1 };
    given(...past)
      .when(adjust({ deltaFen: 100_000, reservation }), { actor: centre })
      .then({ type: 'FundingAdjusted', data: { reason: 'r', deltaFen: 100_000, beforeFen: 500_000, amountFen: 600_000, reservation } });
  });
  it.each([0, -500_000, 0.5, 10 ** 14])('by %d fen is no adjustment', (deltaFen) => {
    given(...past)
      .when(adjust({ deltaFen }), { actor: centre })
      .thenRefused('invalid-body');
  });
  it('leaves the department a part, and never goes below what the works have cost', () => {
    given(submitted, claimed, halfDonated)
      .when(adjust({ deltaFen: -300_000 }), { actor: centre })
      .thenRefused('invalid-body');
    given(...past, but(reported, { finalCostFen: 450_000 }))
      .when(adjust({ deltaFen: -50_001 }), { actor: centre })
      .thenRefused('invalid-body');
  });
  it('of which the year has reserved another amount is refused', () => {
    given(...past)
      .when(adjust({ deltaFen: 5, reservation: RESERVED }), { actor: centre })
      .thenRefused('funds-unavailable');
    given(...past)
      .when(adjust({ deltaFen: 5, reservation: { ...RESERVED, reservationId: 'r2', departmentFen: 500_005, revision: 1 } }), { actor: centre })
      .thenRefused('funds-unavailable');
  });
  it('of what was adjusted to and fro meanwhile is refused', () => {
    const adjusted = (deltaFen: number, amountFen: number, revision: number): NeedEvent => ({
      type: 'FundingAdjusted',
      data: { reason: 'r', deltaFen, beforeFen: amountFen - deltaFen, amountFen, reservation: { ...RESERVED, departmentFen: amountFen, revision } },
    });
    const toAndFro = [...past, adjusted(5, 500_005, 1), adjusted(-5, 500_000, 2)] as const;
    const asSeen = (revision: number) => adjust({ deltaFen: 5, reservation: { ...RESERVED, departmentFen: 500_005, revision } });
    given(...toAndFro)
      .when(asSeen(1), { actor: centre })
      .thenRefused('funds-unavailable');
    given(...toAndFro)
      .when(asSeen(3), { actor: centre })
      .thenAccepted();
  });
  it('is refused for a rework and for what was funded before there were reservations', () => {
    given(submitted, claimed, but(funded, { source: 'rework' }))
      .when(adjust({}), { actor: centre })
      .thenRefused('not-adjustable');
    const old = [submitted, claimed, funded].reduce((state, event) => needDecider.evolve(state, event, { rules: 3 }), needDecider.initial);
    expect(old).not.toHaveProperty('money');
  });
});

describe('works that are cancelled', () => {
  it('go back to the lead, and say what is given back', () => {
    const events = given(submitted, claimed, reserved, reported).when(please('cancel-works'), { actor: centre }).thenAccepted();
    expect(dataOf(events, 'WorksCancelled')).toMatchObject({ unit: 'Water', reservation: RESERVED, reason: 'the ground is too wet' });
    given(submitted, claimed, reserved, ...events)
      .when(fund({}), { actor: water })
      .thenAccepted();
    given(submitted, claimed, reserved, ...events)
      .when(please('return'), { actor: water })
      .thenAccepted();
  });
  it('that were donated give nothing back to a year', () => {
    const donated = but(funded, { source: 'donation' });
    const events = given(submitted, claimed, donated).when(please('cancel-works'), { actor: centre }).thenAccepted();
    expect(dataOf(events, 'WorksCancelled')).not.toHaveProperty('reservation');
  });
});

describe('what is spent', () => {
  const spentOf = (...past: readonly NeedEvent[]): unknown =>
    (
      dataOf(
        given(submitted, claimed, ...past)
          .when(please('accept'), { actor: cora })
          .thenAccepted(),
        'NeedDone',
      ) as { spentFen?: number }
    ).spentFen;

  it('is all that was reserved, unless less was reported', () => {
    expect(spentOf(reserved, reported)).toBe(500_000);
    expect(spentOf(reserved, but(reported, { finalCostFen: 450_000 }))).toBe(450_000);
    expect(spentOf(reserved, but(reported, { finalCostFen: 0 }))).toBe(0);
  });
  it('is what was reported last', () => {
    expect(spentOf(reserved, but(reported, { finalCostFen: 1 }), refused, reported)).toBe(500_000);
  });
  it('comes from the donation first', () => {
    expect(spentOf(halfDonated, but(reported, { finalCostFen: 450_000 }))).toBe(250_000);
    expect(spentOf(halfDonated, but(reported, { finalCostFen: 150_000 }))).toBe(0);
  });
  it('may not be more than was funded', () => {
    given(submitted, claimed, reserved).when(complete(500_001), { actor: water }).thenRefused('over-budget');
    under(3)(submitted, claimed, funded).when(complete(500_001), { actor: water }).thenAccepted();
  });
  it('is not said of what was funded before there were reservations', () => {
    const events = under(3)(submitted, claimed, funded, reported).when(please('accept'), { actor: cora }).thenAccepted();
    expect(Object.keys(dataOf(events, 'NeedDone')).sort()).toEqual(['evaluateBy', 'policy']);
  });
});

describe('an evaluation', () => {
  it('says who has delivered what kind of deed', () => {
    const events = given(submitted, claimed, reserved, reported, done, communityHappy).when(please('evaluate'), { actor: ann }).thenAccepted();
    expect(dataOf(events, 'NeedEvaluated')).toMatchObject({ satisfied: true, unit: 'Water', kind: 'tangible' });
  });
  it('said neither before rules 4', () => {
    const events = under(3)(submitted, claimed, funded, reported, done, communityHappy).when(please('evaluate'), { actor: ann }).thenAccepted();
    expect(dataOf(events, 'NeedEvaluated')).not.toHaveProperty('unit');
  });
});
