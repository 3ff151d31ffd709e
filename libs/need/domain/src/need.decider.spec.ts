import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { needDecider, type NeedEvent } from './index';
import { evolve } from './testing/evolve';
import {
  adopted,
  ann,
  but,
  claimed,
  clock,
  closed,
  communityHappy,
  cora,
  done,
  evaluated,
  funded,
  IN_13_DAYS,
  IN_2_DAYS,
  IN_30_DAYS,
  IN_3_DAYS,
  inspected,
  NOW,
  please,
  policy,
  ramp,
  refused,
  reopenedByHand,
  reported,
  residentHappy,
  returned,
  started,
  submitted,
  TABLES,
  toDone,
  toEvaluated,
  water,
} from './testing/need.fixtures';

const given = specFor(needDecider, { now: NOW });
const byAnn = { actor: ann };
const byCora = { actor: cora };
const byWater = { actor: water };
const A_LITTLE_AFTER_2_DAYS = '2024-07-03T08:00:00.001+08:00';

describe('submitting a need', () => {
  it('records the need, its author and until when it has to be claimed', () => {
    given().when(please('submit'), byAnn).then(submitted);
  });
  it('keeps every optional field', () => {
    const data = {
      ...ramp,
      description: '坡道',
      category: 'access',
      urgency: 'urgent' as const,
      compound: 'No. 3',
      location: { lat: 30.5, lng: 114.3 },
      contact: 'phone',
      scope: 'common' as const,
    };
    given().when(please('submit', data), byAnn).then(but(submitted, data));
  });
  it('takes nothing but the actor for the author, whatever the token held beside', () => {
    const extra = { ...ann, phone: '1' };
    given().when(please('submit'), { actor: extra }).then(submitted);
  });
  it.each([[[]], [[{ name: ' ', quantity: 1, unit: 'm' }]], [[{ name: 'x', quantity: 0, unit: 'm' }]], [[{ name: 'x', quantity: NaN, unit: 'm' }]]])(
    'refuses a list without a named item in a positive quantity: %j',
    (items) => {
      given()
        .when(please('submit', { ...ramp, items }), byAnn)
        .thenRefused('invalid-body', { field: 'items' });
      given(submitted).when(please('amend', { items }), byAnn).thenRefused('invalid-body', { field: 'items' });
    },
  );
});

describe('a need on the list', () => {
  it('is amended by its author, field by field', () => {
    given(submitted)
      .when(please('amend', { location: null }), byAnn)
      .then({ type: 'NeedAmended', data: { location: null } });
  });
  it('is not amended by nothing', () => {
    given(submitted).when(please('amend', {}), byAnn).thenRefused('nothing-to-amend');
  });
  it('belongs to another community once its author says so', () => {
    const moved: NeedEvent = { type: 'NeedAmended', data: { community: 'Hillside' } };
    given(submitted, moved).when(please('inspect'), byCora).thenRefused('not-permitted');
    given(submitted, moved)
      .when(please('inspect'), { actor: { ...cora, unit: 'Hillside' } })
      .then(inspected);
  });
  it('is withdrawn and rejected with a reason', () => {
    given(submitted)
      .when(please('withdraw'), byAnn)
      .then({ type: 'NeedWithdrawn', data: { reason: 'no longer needed' } });
    given(submitted)
      .when(please('reject'), byCora)
      .then({ type: 'NeedRejected', data: { reason: 'not for the county' } });
  });
});

describe('merging needs', () => {
  it('ends the source and names those who follow the target from now on', () => {
    given(submitted)
      .when(please('merge', { into: 'target' }), byCora)
      .then({ type: 'NeedMerged', data: { into: 'target', followers: ['ann'] } });
  });
  it('refuses a need merged into itself, on either side', () => {
    given(submitted)
      .when(please('merge', { into: 'me' }), { ...byCora, entity: 'me' })
      .thenRefused('same-need');
    given(submitted)
      .when(please('adopt', { from: 'me', followers: [] }), { ...byCora, entity: 'me' })
      .thenRefused('same-need');
  });
  it('refuses to merge away a need that adopted, until it gave the other back', () => {
    const unadopted: NeedEvent = { type: 'NeedUnadopted', data: { from: 'other-need' } };
    given(submitted, adopted)
      .when(please('merge', { into: 'target' }), byCora)
      .thenRefused('has-adopted');
    given(submitted, adopted, unadopted)
      .when(please('merge'), byCora)
      .then({ type: 'NeedMerged', data: { into: 'other-need', followers: ['ann'] } });
  });
  it('adopts once, with each follower once', () => {
    const twice = please('adopt', { from: 'other-need', followers: ['pam', 'pam'] });
    given(submitted).when(twice, byCora).then(adopted);
    given(submitted, adopted).when(twice, byCora).thenNothing();
  });
  it('takes an adoption back, once', () => {
    given(submitted, adopted)
      .when(please('unadopt'), byCora)
      .then({ type: 'NeedUnadopted', data: { from: 'other-need' } });
    given(submitted).when(please('unadopt'), byCora).thenNothing();
    given(submitted, adopted, claimed, funded, reported, done)
      .when(please('unadopt'), byCora)
      .then({ type: 'NeedUnadopted', data: { from: 'other-need' } });
  });
});

describe('claiming a need', () => {
  it('makes the department the lead and starts the windows for money and return', () => {
    given(submitted).when(please('claim'), byWater).then(claimed);
  });
  it('keeps the promised date, and each helper once and not the lead', () => {
    const command = please('claim', { unit: 'Water', plan: 'build it', promisedBy: IN_3_DAYS, helpers: ['Roads', 'Water', 'Roads'] });
    given(submitted)
      .when(command, byWater)
      .then(but(claimed, { helpers: ['Roads'], promisedBy: IN_3_DAYS }));
  });
  it('refuses a promise that is no date', () => {
    given(submitted)
      .when(please('claim', { unit: 'Water', plan: 'p', promisedBy: 'soon' }), byWater)
      .thenRefused('invalid-body', { field: 'promisedBy' });
  });
  it('refuses a second lead', () => {
    given(submitted, claimed)
      .when(please('claim', { unit: 'Roads', plan: 'p' }), { actor: { ...water, unit: 'Roads' } })
      .thenRefused('wrong-stage');
  });
});

describe('giving a claim back', () => {
  it('puts the need on the list again with a fresh window', () => {
    given(submitted, claimed)
      .when(please('return'), { ...byWater, now: NOW })
      .then(returned);
  });
  it('is possible until the last instant of the window and not after it', () => {
    const claimBy = '2024-07-05T08:00:00.000+08:00';
    given(submitted, claimed)
      .when(please('return'), { ...byWater, now: IN_2_DAYS })
      .then(but(returned, { claimBy }));
    given(submitted, claimed)
      .when(please('return'), { ...byWater, now: A_LITTLE_AFTER_2_DAYS })
      .thenRefused('too-late', { until: IN_2_DAYS });
  });
  it('remembers that the need was inspected', () => {
    expect(needDecider.summary([submitted, inspected, claimed, returned].reduce(evolve, needDecider.initial))).toEqual({
      stage: 'submitted',
      status: 'inspected',
    });
  });
});

describe('funding a need', () => {
  it('starts the window for the works', () => {
    given(submitted, claimed).when(please('fund'), byWater).then(funded);
  });
  it.each([
    ['earlier', IN_3_DAYS, IN_3_DAYS],
    ['later', IN_30_DAYS, IN_13_DAYS],
  ])('takes the promised date when it is earlier: %s', (_, promisedBy, doneBy) => {
    const promised = but(claimed, { promisedBy });
    given(submitted, promised).when(please('fund'), byWater).then(but(funded, { doneBy }));
  });
  it('takes a donation', () => {
    const command = please('fund', { amountFen: 1, source: 'donation', reference: 'D-1' });
    given(submitted, claimed)
      .when(command, byWater)
      .then(but(funded, { ...command.data }));
  });
  it.each(['maintenance-fund', 'mixed'] as const)("refuses %s money without a passed owners' decision", (source) => {
    given(submitted, claimed)
      .when(please('fund', { amountFen: 1, source, reference: 'M-1' }), byWater)
      .thenRefused('decision-missing', { source, missing: 'passed-owners-decision' });
  });
  it('takes amounts from one fen to the greatest', () => {
    for (const amountFen of [1, AMOUNT_FEN_MAX]) {
      const command = please('fund', { amountFen, source: 'department', reference: 'B-1' });
      given(submitted, claimed).when(command, byWater).then(but(funded, { amountFen }));
    }
  });
  it.each([0, -1, 0.5, NaN, Infinity, AMOUNT_FEN_MAX + 1, 2 ** 53])('refuses %d fen', (amountFen) => {
    given(submitted, claimed)
      .when(please('fund', { amountFen, source: 'department', reference: 'r' }), byWater)
      .thenRefused('invalid-body', { field: 'amountFen' });
  });
});

describe('the works', () => {
  it('start once per funding', () => {
    given(submitted, claimed, funded).when(please('start'), byWater).then(started);
    given(submitted, claimed, funded, started).when(please('start'), byWater).thenRefused('already-started');
    given(...toEvaluated, reopenedByHand, funded)
      .when(please('start'), byWater)
      .then(started);
  });
  it('need not be started to be reported', () => {
    given(submitted, claimed, funded).when(please('complete'), byWater).then(reported);
  });
  it('are not reported without evidence', () => {
    given(submitted, claimed, funded)
      .when(please('complete', { evidence: [] }), byWater)
      .thenRefused('invalid-body', { field: 'evidence' });
  });
  it('wait for the community once reported', () => {
    const past = [submitted, claimed, funded, reported];
    given(...past)
      .when(please('progress'), byWater)
      .thenRefused('wrong-stage', { command: 'progress', stage: 'funded', status: 'at-acceptance' });
    given(...past)
      .when(please('accept'), byCora)
      .then(done);
    given(...past)
      .when(please('refuse-works'), byCora)
      .then(refused);
  });
  it('are reported again after a refusal', () => {
    given(submitted, claimed, funded, reported, refused).when(please('complete'), byWater).then(reported);
    given(submitted, claimed, funded, reported, refused).when(please('accept'), byCora).thenRefused('wrong-stage');
  });
});

describe('evaluating', () => {
  const unhappy = { score: 2, satisfied: false, comment: 'too steep' } as const;
  const happy = { score: 5, satisfied: true } as const;
  const reopened: NeedEvent = {
    type: 'NeedReopened',
    data: { cause: 'unsatisfied', unit: 'Water', round: 2, fundBy: IN_3_DAYS, returnUntil: IN_2_DAYS, policy },
  };
  const summedUp = (residentScore: 2 | 5, communityScore: 2 | 5): NeedEvent => ({
    type: 'NeedEvaluated',
    data: { residentScore, communityScore, satisfied: false, closesAt: IN_30_DAYS, policy },
  });

  it('waits for the other side', () => {
    given(...toDone)
      .when(please('evaluate', { side: 'resident', ...happy }), byAnn)
      .then(residentHappy);
    given(...toDone)
      .when(please('evaluate', { side: 'community', ...happy }), byCora)
      .then(communityHappy);
  });
  it('is summed up with the second side, whichever that is', () => {
    given(...toDone, residentHappy)
      .when(please('evaluate', { side: 'community', ...happy }), byCora)
      .then(communityHappy, evaluated);
    given(...toDone, communityHappy)
      .when(please('evaluate', { side: 'resident', ...happy }), byAnn)
      .then(residentHappy, evaluated);
  });
  it('reopens at once when the second side is not satisfied', () => {
    given(...toDone, residentHappy)
      .when(please('evaluate', { side: 'community', ...unhappy }), byCora)
      .then({ type: 'CommunityEvaluated', data: unhappy }, summedUp(5, 2), reopened);
  });
  it('reopens at once when the first side was not satisfied', () => {
    given(...toDone, { type: 'ResidentEvaluated', data: unhappy })
      .when(please('evaluate', { side: 'community', ...happy }), byCora)
      .then(communityHappy, summedUp(2, 5), reopened);
  });
  it('takes each side once per round', () => {
    given(...toDone, residentHappy)
      .when(please('evaluate', { side: 'resident', ...unhappy }), byAnn)
      .thenRefused('already-evaluated', { side: 'resident' });
    given(...toEvaluated, reopenedByHand, funded, reported, done)
      .when(please('evaluate', { side: 'resident', ...happy }), byAnn)
      .then(residentHappy);
  });
  it.each([0, 6, 2.5, NaN])('refuses a score of %d', (score) => {
    given(...toDone)
      .when(please('evaluate', { side: 'resident', score: score as 5, satisfied: true }), byAnn)
      .thenRefused('invalid-body', { field: 'score' });
  });
});

describe('reopening', () => {
  it('gives the need back to the same lead, who has to fund it again', () => {
    given(...toEvaluated)
      .when(please('reopen'), byCora)
      .then(reopenedByHand);
    given(...toEvaluated, reopenedByHand)
      .when(please('start'), byWater)
      .thenRefused('wrong-stage');
    given(...toEvaluated, reopenedByHand)
      .when(please('fund'), byWater)
      .then(funded);
  });
  it('forgets the promise of the round before', () => {
    const promised = but(claimed, { promisedBy: IN_2_DAYS });
    given(submitted, promised, funded, reported, done, residentHappy, communityHappy, evaluated, reopenedByHand)
      .when(please('fund'), byWater)
      .then(funded);
  });
  it('counts the rounds', () => {
    const again = [reopenedByHand, funded, reported, done, residentHappy, communityHappy, evaluated];
    given(...toEvaluated, ...again)
      .when(please('reopen'), byCora)
      .then(but(reopenedByHand, { round: 3 }));
    given(...toEvaluated, ...again, but(reopenedByHand, { round: 3 }), ...again.slice(1))
      .when(please('reopen'), byCora)
      .then(but(reopenedByHand, { round: 4 }));
  });
  it('is too late from the instant on at which the need closes', () => {
    given(...toEvaluated)
      .when(please('reopen'), { ...byCora, now: IN_30_DAYS })
      .thenRefused('too-late', { until: IN_30_DAYS });
  });
});

describe('the clock', () => {
  it('closes an evaluated need at its time and not a millisecond before', () => {
    given(...toEvaluated)
      .when(please('close'), { actor: clock, now: IN_30_DAYS })
      .then(closed);
    given(...toEvaluated)
      .when(please('close'), { actor: clock, now: '2024-07-31T07:59:59.999+08:00' })
      .thenNothing();
  });
  it('closes a need once', () => {
    given(...toEvaluated, closed)
      .when(please('close'), { actor: clock, now: IN_30_DAYS })
      .thenNothing();
  });
  it('is asked for nothing but the close of an evaluated need', () => {
    const dueAfter = (...past: readonly NeedEvent[]) => needDecider.due(past.reduce(evolve, needDecider.initial), { rules: 1 });
    expect(dueAfter(...toEvaluated)).toEqual({ at: IN_30_DAYS, command: { type: 'close', data: {} } });
    for (const past of [[], [submitted], [submitted, claimed], toDone, [...toEvaluated, closed], [...toEvaluated, reopenedByHand]]) {
      expect(dueAfter(...past)).toBeNull();
    }
  });
});

describe('the policy', () => {
  it.each([{}, { policy: null, calendar: null }, { policy: TABLES.policy }, { ...TABLES, calendar: 'x' }, { ...TABLES, policy: { version: '1' } }])(
    'is plain hours without a ladder when a table is missing or malformed',
    (tables) => {
      given()
        .when(please('submit'), { ...byAnn, tables })
        .then(submitted);
    },
  );
});

describe('what the world sees of a need', () => {
  const attributesAfter = (...past: readonly NeedEvent[]) => needDecider.searchAttributes?.(past.reduce(evolve, needDecider.initial));
  it('is its stage, its lead, its community and the next binding deadline', () => {
    expect(attributesAfter(submitted)).toEqual({ NeedStage: 'submitted', NeedUnit: null, NeedCommunity: 'Lakeside', NeedDueAt: IN_2_DAYS });
    expect(attributesAfter(submitted, claimed)).toEqual({ NeedStage: 'claimed', NeedUnit: 'Water', NeedCommunity: 'Lakeside', NeedDueAt: IN_3_DAYS });
    expect(attributesAfter(...toEvaluated)).toEqual({ NeedStage: 'evaluated', NeedUnit: 'Water', NeedCommunity: 'Lakeside', NeedDueAt: null });
    expect(attributesAfter()).toEqual({ NeedStage: null, NeedUnit: null, NeedCommunity: null, NeedDueAt: null });
  });
  it('is final when rejected, withdrawn, merged or closed, and not before', () => {
    const isFinalAfter = (...past: readonly NeedEvent[]) => needDecider.isFinal(past.reduce(evolve, needDecider.initial));
    const ends: NeedEvent[] = [
      { type: 'NeedRejected', data: { reason: 'r' } },
      { type: 'NeedWithdrawn', data: { reason: 'r' } },
      { type: 'NeedMerged', data: { into: 'x', followers: [] } },
    ];
    for (const end of ends) expect(isFinalAfter(submitted, end)).toBe(true);
    expect(isFinalAfter(...toEvaluated, closed)).toBe(true);
    for (const past of [[], [submitted], toDone, toEvaluated]) expect(isFinalAfter(...past)).toBe(false);
  });
});
