import { describe, expect, it } from '@jest/globals';
import { plusMs } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { NEED_RULES, needDecider, OWNERS, ownersFenOf, type Fact, type JoinsProject, type NeedEvent, type OwnersReservation } from './index';
import {
  ann,
  authority,
  but,
  centre,
  claimed,
  clock,
  communityElsewhere,
  cora,
  funded,
  inspected,
  NOW,
  please,
  reported,
  retimer,
  roads,
  started,
  submitted,
  TABLES,
  timed,
  toEvaluated,
  water,
} from './testing/need.fixtures';

const DAY_MS = 24 * 3_600_000;
const given = specFor(needDecider, { rules: NEED_RULES, now: NOW, tables: TABLES });
const past = (...events: readonly NeedEvent[]) => given(...timed(events));
const awaited: NeedEvent = { type: 'DecisionAwaited', data: { decisionId: 'decision-1' } };
const heldFor = (waitingFor: string, stage: 'submitted' | 'claimed' | 'funded' = 'submitted'): NeedEvent => ({
  type: 'ClockPaused',
  data: { stage, pausedAt: NOW, waitingFor },
});
const held = heldFor(OWNERS);
const noted = (progress: Fact<'DecisionNoted'>['data']['progress']): NeedEvent => ({
  type: 'DecisionNoted',
  data: { decisionId: 'decision-1', progress },
});
const note = (progress: Fact<'DecisionNoted'>['data']['progress'], decisionId = 'decision-1') => please('note-decision', { decisionId, progress });
const typesOf = (events: readonly NeedEvent[]): readonly string[] => events.map(({ type }) => type);

describe('a need whose owners are asked', () => {
  it('lets its clock stand still until they have decided', () => {
    past(submitted).when(please('await-decision'), { actor: retimer }).then(awaited, held);
    past(submitted, awaited, held).when(note('passed'), { actor: retimer }).then(noted('passed'));
    const later = plusMs(NOW, 10 * DAY_MS);
    const events = past(submitted, awaited, held, noted('passed')).when(note('confirmed'), { actor: retimer, now: later }).thenAccepted();
    expect(typesOf(events)).toEqual(['DecisionNoted', 'ClockResumed']);
    expect(events[1]?.data).toMatchObject({ pausedAt: NOW, resumedAt: later, oldDueAt: '2024-07-03T18:00:00.000+08:00' });
  });

  it.each(['failed', 'cancelled', 'emergency'] as const)('goes on when the decision is %s', (progress) => {
    const events = past(submitted, awaited, held).when(note(progress), { actor: retimer }).thenAccepted();
    expect(typesOf(events)).toEqual(['DecisionNoted', 'ClockResumed']);
  });

  it('takes a step back with the confirmation that was taken back', () => {
    past(submitted, awaited, noted('confirmed')).when(note('passed'), { actor: retimer }).then(noted('passed'), held);
  });

  it('leaves a clock alone that the community has stopped', () => {
    const byHand = heldFor('the ground', 'claimed');
    past(submitted, claimed, byHand).when(please('await-decision'), { actor: retimer }).then(awaited);
    past(submitted, claimed, byHand, awaited).when(note('failed'), { actor: retimer }).then(noted('failed'));
  });

  it('stands still in each stage that begins meanwhile', () => {
    const claims = past(submitted, awaited, held).when(please('claim'), { actor: water }).thenAccepted();
    expect(typesOf(claims)).toEqual(['NeedClaimed', 'ClockPaused']);
    const funds = past(submitted, awaited, held, claimed).when(please('fund'), { actor: water }).thenAccepted();
    expect(typesOf(funds)).toEqual(['NeedFunded', 'ClockPaused']);
    const gives = past(submitted, awaited, held, claimed).when(please('return'), { actor: water }).thenAccepted();
    expect(typesOf(gives)).toEqual(['ClaimReturned', 'ClockPaused']);
    const stops = past(submitted, awaited, held, claimed, funded).when(please('cancel-works'), { actor: centre }).thenAccepted();
    expect(typesOf(stops)).toEqual(['WorksCancelled', 'ClockPaused']);
  });

  it('has no works, whoever pays, until the decision is confirmed', () => {
    const open = past(submitted, awaited, held, claimed, funded);
    open.when(please('start'), { actor: water }).thenRefused('works-too-early');
    open.when(please('complete'), { actor: water }).thenRefused('works-too-early');
    past(submitted, awaited, noted('passed'), claimed, funded).when(please('start'), { actor: water }).thenRefused('works-too-early');
    for (const progress of ['confirmed', 'emergency', 'failed', 'cancelled'] as const)
      past(submitted, awaited, noted(progress), claimed, funded).when(please('start'), { actor: water }).thenAccepted();
  });

  it('is not taken off the list, and its clock is not set going by hand', () => {
    const open = past(submitted, awaited, held);
    open.when(please('withdraw'), { actor: ann }).thenRefused('decision-open');
    open.when(please('reject'), { actor: cora }).thenRefused('decision-open');
    open.when(please('merge'), { actor: cora }).thenRefused('decision-open');
    past(submitted, claimed, awaited, heldFor(OWNERS, 'claimed')).when(please('resume'), { actor: cora }).thenRefused('decision-open');
    past(submitted, awaited, noted('failed')).when(please('withdraw'), { actor: ann }).thenAccepted();
  });

  it('tells at its end which decision was asked for last, and hears no more of it', () => {
    const ends = past(submitted, awaited, noted('confirmed')).when(please('withdraw'), { actor: ann }).thenAccepted();
    expect(ends[0]?.data).toMatchObject({ decisionId: 'decision-1' });
    past(submitted, awaited, noted('confirmed'), ...ends)
      .when(note('cancelled'), { actor: retimer })
      .then();
  });

  it('is asked about one decision at a time, which is told once', () => {
    const another = please('await-decision', { decisionId: 'decision-2', community: 'Lakeside' });
    past(submitted, awaited, held).when(another, { actor: retimer }).thenRefused('decision-open');
    past(submitted, awaited, held).when(please('await-decision'), { actor: retimer }).then();
    past(submitted, awaited, noted('failed')).when(another, { actor: retimer }).thenAccepted();
    past(submitted, awaited, held).when(note('failed', 'decision-2'), { actor: retimer }).then();
    past(submitted, awaited, noted('failed')).when(note('failed'), { actor: retimer }).then();
  });

  it('is asked about by its own community alone', () => {
    const elsewhere = please('await-decision', { decisionId: 'decision-1', community: 'Hillside' });
    past(submitted).when(elsewhere, { actor: retimer }).thenRefused('other-community');
  });

  it('cannot be asked about when its money is there', () => {
    past(submitted, claimed, funded).when(please('await-decision'), { actor: retimer }).thenRefused('wrong-stage');
    past(...toEvaluated)
      .when(please('await-decision'), { actor: retimer })
      .thenRefused('wrong-stage');
  });
});

describe('what the maintenance fund pays', () => {
  const decided = [submitted, awaited, noted('confirmed'), claimed] as const;
  const owners: OwnersReservation = { decisionId: 'decision-1', reservationId: 'r1', fundFen: 200_000 };
  const funding = { amountFen: 200_000, source: 'maintenance-fund', reference: 'B-1' } as const;
  const fromFund = but(funded, { ...funding, owners });
  const half = but(funded, {
    ...{ source: 'mixed', split: { departmentFen: 300_000, fundFen: 200_000 }, owners },
    reservation: { unitYearId: 'y', reservationId: 'r2', unit: 'Water', departmentFen: 300_000 },
  });

  it('is all of it, or the part that is said', () => {
    expect(ownersFenOf(funding)).toBe(200_000);
    expect(ownersFenOf({ amountFen: 500_000, source: 'mixed', split: { departmentFen: 300_000, fundFen: 200_000 } })).toBe(200_000);
    expect(ownersFenOf({ amountFen: 500_000, source: 'department' })).toBe(0);
  });

  it('names the decision that the need waited for', () => {
    past(...decided)
      .when(please('fund', funding), { actor: water })
      .thenRefused('decision-missing');
    past(...decided)
      .when(please('fund', { ...funding, decisionId: 'decision-2' }), { actor: water })
      .thenRefused('decision-missing');
    past(submitted, claimed)
      .when(please('fund', { ...funding, decisionId: 'decision-1' }), { actor: water })
      .thenRefused('decision-missing');
    const events = past(...decided)
      .when(please('fund', { ...funding, decisionId: 'decision-1', owners }), { actor: water })
      .thenAccepted();
    expect(events[0]).toMatchObject({ type: 'NeedFunded', data: { source: 'maintenance-fund', owners } });
  });

  it('has to be the whole of a mixed funding with the other parts', () => {
    const mixed = { ...funding, source: 'mixed', decisionId: 'decision-1' } as const;
    past(...decided)
      .when(please('fund', { ...mixed, split: { fundFen: 199_999 } }), { actor: water })
      .thenRefused('invalid-body');
    past(...decided)
      .when(please('fund', { ...mixed, split: { fundFen: 200_000 } }), { actor: water })
      .thenAccepted();
  });

  it('is accepted by the authority alone, and what owners need not pay stays theirs', () => {
    const done = past(...decided, half, but(reported, { finalCostFen: 450_000 }));
    done.when(please('accept'), { actor: cora }).thenRefused('authority-only');
    const events = done.when(please('accept'), { actor: authority }).thenAccepted();
    expect(events[0]?.data).toMatchObject({ spentFen: 300_000, owners, ownersSpentFen: 150_000 });
  });

  it('is given back with works that are cancelled', () => {
    const events = past(...decided, fromFund)
      .when(please('cancel-works'), { actor: centre })
      .thenAccepted();
    expect(events[0]?.data).toMatchObject({ owners });
  });

  it('is adjusted where no department pays, from what is reserved now', () => {
    const adjust = (fundFen: number, revision: number) =>
      please('adjust-funding', { deltaFen: -50_000, reason: 'r', owners: { ...owners, fundFen, revision } });
    const events = past(...decided, fromFund)
      .when(adjust(150_000, 1), { actor: centre })
      .thenAccepted();
    expect(events[0]?.data).toMatchObject({ beforeFen: 200_000, amountFen: 150_000, owners: { fundFen: 150_000, revision: 1 } });
    past(...decided, fromFund)
      .when(adjust(150_000, 2), { actor: centre })
      .thenRefused('funds-unavailable');
    past(...decided, fromFund)
      .when(adjust(140_000, 1), { actor: centre })
      .thenRefused('funds-unavailable');
  });
});

describe('a whistle that is answered', () => {
  const blown: NeedEvent = {
    type: 'WhistleBlown',
    data: { reach: 'named', units: ['Water', 'Roads'], answerBy: '2024-07-02T18:00:00.000+08:00' },
  };
  const says = (unit: string, answer: 'coming' | 'not-ours', answerBy: string | null): NeedEvent => ({
    type: 'UnitReportedIn',
    data: { unit, answer, ...(answer === 'not-ours' ? { reason: 'r' } : {}), answerBy },
  });
  const notOurs = please('report-in', { answer: 'not-ours', reason: 'r' });

  it('by a unit that comes calls nobody else', () => {
    past(submitted, blown)
      .when(please('report-in'), { actor: water })
      .then(says('Water', 'coming', null));
    past(submitted, blown, says('Water', 'coming', null))
      .when(please('tick', { step: 'whistle' }), { actor: clock, now: plusMs(NOW, 2 * DAY_MS) })
      .then();
  });

  it('by every unit with “not ours” calls all departments at once', () => {
    past(submitted, blown)
      .when(notOurs, { actor: water })
      .then(says('Water', 'not-ours', '2024-07-02T18:00:00.000+08:00'));
    const events = past(submitted, blown, says('Water', 'not-ours', '2024-07-02T18:00:00.000+08:00'))
      .when(notOurs, { actor: roads })
      .thenAccepted();
    expect(typesOf(events)).toEqual(['UnitReportedIn', 'WhistleBlown']);
    expect(events[1]?.data).toMatchObject({ reach: 'all' });
  });

  it('by one that is not called, without a reason or without a time is refused', () => {
    past(submitted, blown)
      .when(please('report-in'), { actor: { ...water, unit: 'Parks' } })
      .thenRefused('not-called');
    past(submitted).when(please('report-in'), { actor: water }).thenRefused('not-called');
    past(submitted, blown)
      .when(please('report-in', { answer: 'not-ours' }), { actor: water })
      .thenRefused('invalid-body');
    past(submitted, blown)
      .when(please('report-in', { answer: 'later', at: NOW }), { actor: water })
      .thenRefused('invalid-body');
    past(submitted, blown)
      .when(please('report-in', { answer: 'coming', person: 'p' }), { actor: water })
      .thenRefused('invalid-body');
  });

  it('brings volunteers, of themselves or written down by the community', () => {
    past(submitted)
      .when(please('report-in'), { actor: ann })
      .then({ type: 'VolunteerReportedIn', data: { person: 'ann' } });
    past(submitted, inspected)
      .when(please('report-in', { answer: 'coming', person: 'member-7' }), { actor: cora })
      .then({ type: 'VolunteerReportedIn', data: { person: 'member-7' } });
    past(submitted)
      .when(please('report-in', { answer: 'coming', person: 'member-7' }), { actor: ann })
      .thenRefused('not-permitted');
    past(submitted).when(notOurs, { actor: ann }).thenRefused('invalid-body');
  });
});

describe('a need in a project', () => {
  const joining = (data: Partial<JoinsProject> = {}): JoinsProject => ({
    ...{ projectId: 'project-1', unit: 'Roads', community: 'Lakeside', role: 'community' },
    ...data,
  });
  const joined: NeedEvent = { type: 'ProjectJoined', data: { projectId: 'project-1', stage: 'submitted' } };

  it('is in one, and its facts name it', () => {
    past(submitted).when(please('join-project'), { actor: retimer }).then(joined);
    past(submitted, joined).when(please('join-project'), { actor: retimer }).then();
    past(submitted, joined)
      .when(please('join-project', joining({ projectId: 'project-2' })), { actor: retimer })
      .thenRefused('in-another-project');
    const events = past(submitted, joined).when(please('claim'), { actor: water }).thenAccepted();
    expect(events[0]?.data).toMatchObject({ projectId: 'project-1' });
  });

  it.each<[string, readonly NeedEvent[], Partial<JoinsProject>, boolean]>([
    ['its community adds it, whoever leads', [submitted, claimed], { role: 'community' }, true],
    ['the centre adds it for that community', [submitted, claimed], { role: 'centre' }, true],
    ['its lead leads the project, of any community', [submitted, claimed], { unit: ' Water', community: 'Hillside', role: 'department' }, true],
    ['nobody leads it yet, and a unit adds it for its community', [submitted], { role: 'department' }, true],
    ['another unit than its lead adds it to its own project', [submitted, claimed], { role: 'department' }, false],
    ['the project is of another community', [submitted], { community: 'Hillside' }, false],
    ['the centre adds it for another community', [submitted, claimed], { community: 'Hillside', role: 'centre' }, false],
  ])('is there with the consent of those whose it is: %s', (_, events, data, isAgreed) => {
    const asked = past(...events).when(please('join-project', joining(data)), { actor: retimer });
    if (isAgreed) asked.thenAccepted();
    else asked.thenRefused('other-parties');
  });

  it('is taken out of it by its community, and by the unit that leads it', () => {
    const led = past(submitted, joined, claimed);
    for (const actor of [cora, water]) led.when(please('leave-project'), { actor }).thenAccepted();
    past(submitted, claimed).when(please('leave-project'), { actor: water }).thenRefused('not-in-project');
    led.when(please('leave-project', { projectId: 'project-2' }), { actor: cora }).thenRefused('not-in-project');
    for (const actor of [roads, communityElsewhere, centre]) led.when(please('leave-project'), { actor }).thenRefused('not-permitted');
  });

  it('vouches for those who take part in it, and for nobody else', () => {
    const vouching = (role: string, unit: string | null, ...events: readonly NeedEvent[]) =>
      past(...events).when(please('vouch', { role, unit }), { actor: retimer });
    vouching('community', 'Lakeside', submitted).then();
    vouching('centre', 'Service centre', submitted).then();
    vouching('department', 'Water', submitted, claimed).then();
    vouching('department', 'Water', submitted).thenRefused('not-permitted');
    vouching('department', 'Parks', submitted, claimed).thenRefused('not-permitted');
    vouching('community', 'Hillside', submitted).thenRefused('not-permitted');
  });

  it('says where it is by then', () => {
    const stageAfter = (...events: readonly NeedEvent[]) =>
      past(...events)
        .when(please('join-project'), { actor: retimer })
        .thenAccepted()[0]?.data;
    expect(stageAfter(submitted, claimed)).toMatchObject({ stage: 'claimed' });
    expect(stageAfter(submitted, claimed, funded)).toMatchObject({ stage: 'funded' });
    expect(stageAfter(submitted, claimed, funded, started)).toMatchObject({ stage: 'started' });
  });

  it('leaves it, and is free for another', () => {
    const left: NeedEvent = { type: 'ProjectLeft', data: { projectId: 'project-1' } };
    past(submitted, joined).when(please('leave-project'), { actor: retimer }).then(left);
    past(submitted, joined, left)
      .when(please('join-project', joining({ projectId: 'project-2' })), { actor: retimer })
      .thenAccepted();
    past(submitted).when(please('leave-project'), { actor: retimer }).then();
  });
});
