import { describe, expect, it } from '@jest/globals';
import { DEFAULT_DECISION, type DecisionPolicy } from '@qiyue/civic-domain';
import { specFor } from '@qiyue/engine-testing';
import type { Actor } from '@qiyue/engine';
import {
  CHALLENGES_MAX,
  COMMON_PARTS,
  countBallots,
  decisionDecider,
  electorateOf,
  NO_BALLOTS_HASH,
  OWN_CHALLENGES_MAX,
  ROOMS_MAX,
  rosterHashOf,
  UncountableBallot,
  type DecisionCommand,
  type Do,
  type Plan,
} from './index';
import {
  ann,
  aud,
  bo,
  CANCELLED,
  clock,
  CONFIRMED,
  CONFIRMING,
  cora,
  countIn,
  COUNTING,
  decideOn,
  EMERGENCY,
  FAILED,
  funding,
  lived,
  NOTICING,
  NOW,
  OPENED,
  passer,
  PASSED,
  PLAN,
  please,
  ROSTER,
  stateAfter,
  TABLES,
  tablesWith,
  votes,
  VOTING,
  WARRANTY,
} from './testing/decision.fixtures';

const given = specFor(decisionDecider, { now: NOW, tables: TABLES, actor: cora });
type Steps = Parameters<typeof lived>[0];
/** What became of these steps, as given past. */
const after = (steps: Steps, policy?: Partial<DecisionPolicy>) => given(...lived(steps, tablesWith(policy)).events);
const open = (over: Partial<Do<'open'>['data']>) => please('open', { ...please('open').data, ...over });
const planned = (over: Partial<Plan>, without: readonly (keyof Plan)[] = []) =>
  open({
    plan: Object.fromEntries(Object.entries({ ...PLAN, ...over }).filter(([name]) => !without.includes(name as keyof Plan))) as unknown as Plan,
  });
const vote = (over: Partial<Do<'vote'>['data']>) => please('vote', { choice: 'agree', channel: 'paper', ...over });

describe('opening', () => {
  it('keeps the counting rule and the terms of the day, and begins a deadline', () => {
    const [opened] = given().when(please('open')).thenAccepted();
    expect(opened).toMatchObject({
      type: 'DecisionOpened',
      data: {
        needId: 'n1',
        community: 'Qunan',
        rule: { name: 'civil-code-278' },
        terms: { confirmation: 'filing' },
        dueAt: '2024-08-19T18:00:00.000+08:00',
      },
    });
  });
  it('waits for nobody where there is neither calendar nor policy', () => {
    expect(given().when(please('open'), { tables: {} }).thenAccepted()).toMatchObject([{ data: { dueAt: null, policy: 'default-decision-1' } }]);
  });
  it('takes the older rule by name, for using the fund alone, and has it approved', () => {
    const [opened] = given()
      .when(open({ policy: 'measures-22' }))
      .thenAccepted();
    expect(opened).toMatchObject({ data: { rule: { name: 'measures-22', agreementOf: 'all' }, terms: { confirmation: 'approval' } } });
    given()
      .when(open({ policy: 'measures-22', matter: 'other' }))
      .thenRefused('no-such-rule');
    given()
      .when(open({ policy: 'nobody-s' }))
      .thenRefused('no-such-rule', { matter: 'use-fund', name: 'nobody-s' });
  });
  it('refuses a roster that is none', () => {
    given()
      .when(open({ roster: [] }))
      .thenRefused('invalid-body', { field: 'roster' });
    given()
      .when(open({ roster: Array.from({ length: ROOMS_MAX + 1 }, (_, i) => ({ room: `${i}`, areaCm2: 1, owner: null })) }))
      .thenRefused('invalid-body');
    for (const areaCm2 of [0, -1, 1.5, NaN, 2 ** 53])
      given()
        .when(open({ roster: [{ room: '1', areaCm2, owner: null }] }))
        .thenRefused('invalid-body', { field: 'roster.areaCm2' });
    given()
      .when(open({ roster: [...ROSTER, { room: '101', areaCm2: 1, owner: null }] }))
      .thenRefused('room-twice', { room: '101' });
    given()
      .when(open({ roster: [...ROSTER, { room: ' １０１', areaCm2: 1, owner: null }] }))
      .thenRefused('room-twice', { room: ' １０１' });
    given()
      .when(open({ roster: [...ROSTER, { room: '401', areaCm2: 1, owner: 'Ａnn' }] }))
      .thenRefused('owners-alike', { room: '201', other: '401' });
    given()
      .when(open({ scopes: { deciding: ['999'] } }))
      .thenRefused('no-such-room', { room: '999' });
    given()
      .when(open({ scopes: { paying: ['101', '101'] } }))
      .thenRefused('room-twice', { room: '101' });
    given()
      .when(open({ scopes: { sharing: [] } }))
      .thenRefused('invalid-body', { field: 'scopes.sharing' });
  });
});

describe('the fund', () => {
  it.each(COMMON_PARTS.map(({ code }) => code))('is for the %s', (code) => {
    expect(
      given()
        .when(planned({ parts: [code] }))
        .thenAccepted(),
    ).toHaveLength(1);
  });
  it('is for nothing else, and not under warranty', () => {
    given()
      .when(planned({ parts: ['roof', 'kitchen'] }))
      .thenRefused('not-eligible', { reason: 'not-common', part: 'kitchen' });
    given()
      .when(planned({}, ['parts']))
      .thenRefused('not-eligible', { reason: 'no-parts' });
    given()
      .when(planned({}, ['warrantyEndedOn']))
      .thenRefused('not-eligible', { reason: 'no-warranty-date' });
    given()
      .when(planned({ warrantyEndedOn: '2024-07-08' }))
      .thenRefused('not-eligible', { reason: 'in-warranty', until: '2024-07-08' });
    expect(
      given()
        .when(planned({ warrantyEndedOn: '2024-07-07' }))
        .thenAccepted(),
    ).toHaveLength(1);
  });
  it('is not asked about where it is not used', () => {
    const plan = { works: 'w', budgetFen: 0, from: '2024-09-01', to: '2024-09-02' };
    expect(
      given()
        .when(open({ matter: 'other', plan }))
        .thenAccepted(),
    ).toHaveLength(1);
    expect(
      given()
        .when(open({ matter: 'rebuild', plan: { ...plan, parts: ['kitchen'], warrantyEndedOn: '2099-01-01' } }))
        .thenAccepted(),
    ).toHaveLength(1);
  });
  it('is asked about again where the plan is revised', () => {
    after(OPENED)
      .when(please('revise-plan', { plan: { ...PLAN, parts: ['kitchen'] }, reason: 'r' }))
      .thenRefused('not-eligible');
  });
  it('is paid by agreed shares of every paying room, or by none', () => {
    const shares = ROSTER.map(({ room }) => ({ room, parts: 2 }));
    expect(given().when(planned({ shares })).thenAccepted()).toHaveLength(1);
    given()
      .when(planned({ shares: shares.slice(1) }))
      .thenRefused('invalid-body', { field: 'plan.shares' });
    given()
      .when(planned({ shares: shares.map((one) => ({ ...one, parts: 0 })) }))
      .thenRefused('invalid-body', { field: 'plan.shares' });
  });
});

describe('what is said before the ballot', () => {
  it('is of rooms on the roster, as of the plan of then', () => {
    after(OPENED)
      .when(please('visit', { room: '999', stance: 'agrees' }))
      .thenRefused('no-such-room', { room: '999' });
    after([...OPENED, please('revise-plan')])
      .when(please('object'), { actor: ann })
      .then({ type: 'ObjectionRaised', data: { needId: 'n1', planNumber: 2, room: '101', reason: 'not our roof' } });
  });
  it('is not for owners of other rooms', () => {
    after(OPENED).when(please('object'), { actor: bo }).thenRefused('not-permitted');
    after(OPENED)
      .when(please('object', { room: '302', reason: 'r' }), { actor: bo })
      .thenRefused('not-permitted'); // unsold
  });
});

describe('the ballot', () => {
  it('freezes the roster by its hash, whoever counts it', () => {
    const [opened] = after(OPENED).when(please('open-ballot')).thenAccepted();
    expect(opened).toMatchObject({ data: { rosterHash: rosterHashOf(electorateOf(ROSTER, {})), dueAt: '2024-07-22T18:00:00.000+08:00' } });
    expect(rosterHashOf(electorateOf(ROSTER, {}))).not.toBe(rosterHashOf(electorateOf(ROSTER, { deciding: ['101'] })));
  });
  it('closes later than it opens, and takes each way once', () => {
    after(OPENED)
      .when(please('open-ballot', { closesAt: NOW, channels: ['paper'] }))
      .thenRefused('invalid-body', { field: 'closesAt' });
    after(OPENED)
      .when(please('open-ballot', { closesAt: '2025-01-01T00:00:00.000+08:00', channels: ['paper', 'paper'] }))
      .thenRefused('invalid-body', { field: 'channels' });
  });
  it('is an owner’s own online, and the community’s on paper', () => {
    const past = after([...OPENED, please('open-ballot')]);
    past.when(vote({ owner: 'ann', channel: 'online' }), { actor: ann }).then({
      type: 'VoteCast',
      data: { needId: 'n1', owner: 'ann', areaCm2: 2_000_000, choice: 'agree', channel: 'online', replaces: false },
    });
    past.when(vote({ room: '201', channel: 'online' }), { actor: ann }).thenAccepted();
    past.when(vote({ room: '201', channel: 'online' }), { actor: bo }).thenRefused('not-permitted');
    past.when(vote({ owner: 'ann', channel: 'online' }), { actor: bo }).thenRefused('not-permitted');
    past.when(vote({ owner: 'ann', channel: 'paper' }), { actor: ann }).thenRefused('channel-closed', { channel: 'paper' });
    past.when(vote({ owner: 'ann', channel: 'online' })).thenRefused('channel-closed', { channel: 'online' });
  });
  it('takes only the ways that it was opened for', () => {
    after([...OPENED, please('open-ballot', { closesAt: '2024-07-22T18:00:00.000+08:00', channels: ['paper'] })])
      .when(vote({ owner: 'ann', channel: 'online' }), { actor: ann })
      .thenRefused('channel-closed');
  });
  it('is of a room or of an owner, of the roster and of the deciding scope', () => {
    const past = after([open({ scopes: { deciding: ['101', '102'] } }), please('open-ballot')]);
    past.when(vote({})).thenRefused('invalid-body', { field: 'room' });
    past.when(vote({ room: '101', owner: 'ann' })).thenRefused('invalid-body', { field: 'room' });
    past.when(vote({ room: '999' })).thenRefused('no-such-room', { room: '999' });
    past.when(vote({ owner: 'zoe' })).thenRefused('no-such-owner');
    past.when(vote({ owner: 'cy' })).thenRefused('not-deciding');
    expect(past.when(vote({ room: '201' })).thenAccepted()).toMatchObject([{ data: { owner: 'ann', areaCm2: 1_000_000 } }]);
  });
  it('is cast once by an owner, whichever of their rooms is named', () => {
    after([...OPENED, please('open-ballot'), ...votes('ann')])
      .when(vote({ room: '201', choice: 'disagree' }))
      .thenRefused('already-voted');
  });
  it('replaces the one before where the policy says so', () => {
    const policy: Partial<DecisionPolicy> = { secondBallot: 'replace' };
    const past = [...OPENED, please('open-ballot'), ...votes('ann', 'bo', 'cy', 'di')];
    const [cast] = after(past, policy)
      .when(vote({ room: '201', choice: 'disagree' }))
      .thenAccepted();
    expect(cast).toMatchObject({ data: { owner: 'ann', choice: 'disagree', replaces: true } });
    const closed = lived([...past, vote({ room: '201', choice: 'disagree' }), please('close-ballot'), 'is counted'], tablesWith(policy)).events;
    expect(closed.find(({ type }) => type === 'BallotClosed')).toMatchObject({
      data: { outcome: 'passed', tally: { partHeads: 4, partAreaCm2: 5_000_000, agreeHeads: 3, agreeAreaCm2: 3_000_000 } },
    });
  });
  it('of an owner’s own hand is replaced by that owner alone, and one on paper by either', () => {
    const policy: Partial<DecisionPolicy> = { secondBallot: 'replace' };
    const online = vote({ owner: 'ann', channel: 'online' });
    const paper = vote({ owner: 'ann', choice: 'disagree' });
    const opened = [...OPENED, please('open-ballot')];
    const replaced = (steps: Steps, command: DecisionCommand, actor: Actor) =>
      expect(
        after([...opened, ...steps], policy)
          .when(command, { actor })
          .thenAccepted(),
      ).toMatchObject([{ data: { owner: 'ann', replaces: true } }]);
    for (const steps of [[[ann, online]], [paper, [ann, online]]] satisfies readonly Steps[]) {
      after([...opened, ...steps], policy)
        .when(paper)
        .thenRefused('already-voted');
      replaced(steps, online, ann);
    }
    replaced([paper], paper, cora);
    replaced([paper], online, ann);
  });
  it('that comes late is refused as late', () => {
    after(PASSED)
      .when(vote({ owner: 'bo' }))
      .thenRefused('too-late', { until: 'passed' });
    after(FAILED)
      .when(vote({ owner: 'bo' }))
      .thenRefused('too-late', { until: 'failed' });
    after(OPENED)
      .when(vote({ owner: 'bo' }))
      .thenRefused('wrong-stage');
  });
  it('closes by itself at its end, and by hand before', () => {
    const at = { actor: clock, now: '2024-07-22T18:00:00.000+08:00' };
    expect(after(VOTING).when(please('close-ballot'), at).thenAccepted()).toMatchObject([{ type: 'VotingEnded', data: { cause: 'deadline' } }]);
    after(VOTING).when(please('close-ballot'), { actor: clock }).thenNothing();
    expect(after(VOTING).when(please('close-ballot')).thenAccepted()).toMatchObject([{ data: { cause: 'by-hand' } }]);
  });
  it('is counted by whoever has opened it, once, and takes no count but of all its ballots as they were cast', () => {
    const found = countIn(lived(COUNTING).events);
    const system = { actor: funding };
    const closed = after(COUNTING).when(please('count', found), system).thenAccepted();
    expect(closed).toMatchObject([{ type: 'BallotClosed', data: { cause: 'by-hand', outcome: 'passed', ballotsHash: found.ballotsHash } }]);
    const { agree, disagree } = found;
    for (const wrong of [
      { ballotsHash: NO_BALLOTS_HASH },
      { agree: { ...agree, heads: agree.heads - 1 } },
      { agree: { ...agree, areaCm2: agree.areaCm2 + 1 } },
      { disagree: { ...disagree, heads: 1 } },
      { agree: { heads: agree.heads + 1, areaCm2: agree.areaCm2 }, disagree: { heads: -1, areaCm2: 0 } },
      { agree: { heads: agree.heads - 0.5, areaCm2: agree.areaCm2 }, disagree: { heads: 0.5, areaCm2: 0 } },
    ])
      after(COUNTING)
        .when(please('count', { ...found, ...wrong }), system)
        .thenRefused('count-differs');
    for (const steps of [OPENED, VOTING, PASSED, FAILED, NOTICING, CANCELLED]) after(steps).when(please('count', found), system).thenNothing();
    for (const actor of [cora, ann, { ...aud, role: 'operator' }])
      after(COUNTING).when(please('count', found), { actor }).thenRefused('not-permitted');
  });
  it('is not counted while one of its ballots does not open, or says what is no choice', () => {
    const { events } = lived(COUNTING);
    for (const odd of [null, 'maybe', 'sealed:v1:x', '__proto__'])
      expect(() => countBallots(events, ['agree', 'agree', odd, 'agree'])).toThrow(UncountableBallot);
    expect(() => countBallots(events, ['agree'])).toThrow(UncountableBallot);
  });
  it('is counted by the last ballot of each owner, sealed or of before there was sealing', () => {
    const { events } = lived(
      [...OPENED, please('open-ballot'), ...votes('ann', 'bo', 'cy'), vote({ owner: 'ann', choice: 'sealed' })],
      tablesWith({ secondBallot: 'replace' }),
    );
    expect(countBallots(events, ['agree', 'abstain', 'agree', 'disagree'])).toMatchObject({
      ...{ agree: { heads: 1, areaCm2: 1_000_000 }, disagree: { heads: 1, areaCm2: 2_000_000 }, abstain: { heads: 1, areaCm2: 1_000_000 } },
      ballotsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
  it('says why it failed, and that it did', () => {
    const counted = (steps: Parameters<typeof lived>[0]) => {
      const past = [...steps, please('close-ballot')];
      return after(past)
        .when(please('count', countIn(lived(past).events)), { actor: funding })
        .thenAccepted();
    };
    expect(counted([...OPENED, please('open-ballot'), ...votes('ann')])).toMatchObject([
      { type: 'BallotClosed', data: { outcome: 'failed-quorum', tally: { partHeads: 1, totalHeads: 5 } } },
      { type: 'DecisionFailed', data: { needId: 'n1', cause: 'failed-quorum' } },
    ]);
    const against = ['ann', 'bo', 'cy', 'di'].map((owner) => vote({ owner, choice: owner === 'ann' ? 'agree' : 'abstain' }));
    expect(counted([...OPENED, please('open-ballot'), ...against])).toMatchObject([
      { data: { outcome: 'failed-approval' } },
      { data: { cause: 'failed-approval' } },
    ]);
  });
  it('has signatures of those who have voted, once for each room', () => {
    after(VOTING)
      .when(please('sign', { room: '102' }))
      .thenRefused('no-ballot', { room: '102' });
    after(VOTING)
      .when(please('sign', { room: '999' }))
      .thenRefused('no-such-room');
    after([...VOTING, please('sign')])
      .when(please('sign'))
      .thenRefused('already-signed', { room: '101' });
    expect(
      after([...VOTING, please('sign')])
        .when(please('sign', { room: '201' }), { actor: ann })
        .thenAccepted(),
    ).toHaveLength(1);
  });
});

describe('the notice', () => {
  it('is up for whole days, the first not counted', () => {
    expect(after(PASSED).when(please('post-notice')).thenAccepted()).toMatchObject([{ data: { endsAt: '2024-07-16T00:00:00.000+08:00' } }]);
    after(PASSED, { noticeDaysMin: 7 })
      .when(please('post-notice', { days: 6, place: 'p' }))
      .thenRefused('notice-too-short', { min: 7 });
  });
  it('is waited for before the authority confirms, and its challenges are', () => {
    after(NOTICING).when(please('confirm'), { actor: aud }).thenRefused('notice-running', { until: '2024-07-16T00:00:00.000+08:00' });
    const challenged = [...NOTICING, [passer, please('challenge')] as const];
    const over = lived([...challenged, 'waits', 'waits']).events;
    given(...over)
      .when(please('confirm'), { actor: aud })
      .thenRefused('challenge-open', { challengeId: 'c1' });
    given(
      ...over,
      ...given(...over)
        .when(please('settle'))
        .thenAccepted(),
    )
      .when(please('confirm'), { actor: aud })
      .then({ type: 'DecisionConfirmed', data: { needId: 'n1', manner: 'filing', reference: 'F-18' } });
  });
  it('lets the decision fall where a challenge is upheld', () => {
    const past = after([...NOTICING, [passer, please('challenge')]]);
    const upheld = please('settle', { challengeId: 'c1', upheld: true, reason: 'r' });
    expect(past.when(upheld).thenAccepted()).toMatchObject([
      { type: 'ChallengeSettled' },
      { type: 'DecisionFailed', data: { cause: 'challenge-upheld' } },
    ]);
    past.when(please('settle', { challengeId: 'c2', upheld: true, reason: 'r' })).thenRefused('no-such-challenge');
    after([...NOTICING, [passer, please('challenge')], please('settle')])
      .when(please('settle'))
      .thenRefused('already-settled');
  });
  const challenges = (by: Actor, times: number): Steps => Array.from({ length: times }, () => [by, please('challenge')] as const);
  const settled = (from: number, to: number): Steps =>
    Array.from({ length: to - from + 1 }, (_, i) => please('settle', { challengeId: `c${from + i}`, upheld: false, reason: 'r' }));
  it('takes a few challenges of one person at a time, whoever they are, and a settled one makes room', () => {
    for (const actor of [passer, ann, cora]) {
      const three = [...NOTICING, ...challenges(actor, 3)];
      after(three).when(please('challenge'), { actor }).thenRefused('own-challenges-open', { max: 3 });
      const [fourth] = after([...three, ...settled(2, 2)])
        .when(please('challenge'), { actor })
        .thenAccepted();
      expect(fourth).toMatchObject({ data: { challengeId: 'c4', by: actor === cora ? 'Qunan' : actor.id, isOwner: actor === ann } });
    }
    const another = { ...cora, id: 'cora-2' };
    after([...NOTICING, ...challenges(cora, 3)])
      .when(please('challenge'), { actor: another })
      .thenRefused('own-challenges-open');
  });
  it('takes so many of one person in all', () => {
    const nine = [0, 3, 6].flatMap((n) => [...challenges(passer, 3), ...settled(n + 1, n + 3)]);
    after([...NOTICING, ...nine])
      .when(please('challenge'), { actor: passer })
      .thenRefused('too-many-challenges', { max: 9 });
    expect(
      after([...NOTICING, ...nine, ...CONFIRMING.slice(NOTICING.length)])
        .when(please('confirm'), { actor: aud })
        .thenAccepted(),
    ).toHaveLength(1);
  });
  it('keeps places for owners, whom nobody else displaces', () => {
    const crowd = Array.from({ length: CHALLENGES_MAX.others / OWN_CHALLENGES_MAX.open }, (_, i): Actor => ({ ...passer, id: `x${i}` }));
    const past = [...NOTICING, ...crowd.flatMap((one) => challenges(one, OWN_CHALLENGES_MAX.open))];
    after(past).when(please('challenge'), { actor: passer }).thenRefused('too-many-challenges', { max: CHALLENGES_MAX.others });
    expect(after(past).when(please('challenge'), { actor: ann }).thenAccepted()).toMatchObject([{ data: { challengeId: 'c301', isOwner: true } }]);
    expect(JSON.stringify(stateAfter(lived(past).events)).length).toBeLessThan(30_000);
  });
  it('names who challenges as records do', () => {
    const alias = { id: 'p-1', person: 'sealed', commandId: 'p-2' };
    expect(after(NOTICING).when(please('challenge'), { actor: ann, alias }).thenAccepted()).toMatchObject([{ data: { by: 'p-1', isOwner: true } }]);
    expect(
      after(NOTICING)
        .when(please('challenge'), { actor: { ...passer, id: '__proto__' } })
        .thenAccepted(),
    ).toMatchObject([{ data: { by: '__proto__', isOwner: false } }]);
  });
  it('ends by itself, and then the authority is waited for', () => {
    const at = { actor: clock, now: '2024-07-16T00:00:00.000+08:00' };
    expect(after(NOTICING).when(please('end-notice'), at).thenAccepted()).toMatchObject([
      { type: 'NoticeEnded', data: { dueAt: '2024-07-23T18:00:00.000+08:00' } },
    ]);
    after(NOTICING).when(please('end-notice'), { actor: clock, now: '2024-07-15T23:59:59.999+08:00' }).thenNothing();
  });
});

describe('an emergency', () => {
  it('is confirmed by the authority, has its works at once and its notice behind', () => {
    expect(after(EMERGENCY).when(please('reserve'), { actor: funding }).thenAccepted()).toMatchObject([{ type: 'FundsReserved' }]);
    expect(after(EMERGENCY).when(please('post-notice')).thenAccepted()).toMatchObject([{ type: 'NoticePosted', data: { dueAt: null } }]);
    const noticed = [...EMERGENCY, please('post-notice')];
    after(noticed).when(please('post-notice')).thenRefused('wrong-stage');
    after([...noticed, 'waits'])
      .when(please('post-notice'))
      .thenRefused('wrong-stage');
    const upheld = please('settle', { challengeId: 'c1', upheld: true, reason: 'r' });
    expect(
      after([...noticed, [passer, please('challenge')]])
        .when(upheld)
        .thenAccepted(),
    ).toHaveLength(1); // works cannot be taken back
  });
  it('is only where the policy has it, and shows why', () => {
    after(OPENED, { emergency: false }).when(please('declare-emergency')).thenRefused('emergency-off');
    after(OPENED)
      .when(please('declare-emergency', { basis: 'b', evidence: [] }))
      .thenRefused('invalid-body', { field: 'evidence' });
  });
});

describe('money of the owners', () => {
  const system = { actor: funding };
  const reserve = (over: Partial<Do<'reserve'>['data']> = {}) => please('reserve', { reservationId: 'r1', needId: 'n1', amountFen: 600, ...over });
  it('is reserved up to the plan, for its own need, on a decision to use the fund', () => {
    after(CONFIRMED)
      .when(reserve({ amountFen: 1_001 }), system)
      .thenRefused('over-plan', { availableFen: 1_000 });
    expect(
      after(CONFIRMED)
        .when(reserve({ amountFen: 1_000 }), system)
        .thenAccepted(),
    ).toHaveLength(1);
    after([...CONFIRMED, reserve()])
      .when(reserve({ reservationId: 'r2', amountFen: 401 }), system)
      .thenRefused('over-plan', { availableFen: 400 });
    after(CONFIRMED)
      .when(reserve({ needId: 'n2' }), system)
      .thenRefused('decision-missing');
    const other = [open({ matter: 'other' }), ...CONFIRMED.slice(1)];
    after(other).when(reserve(), system).thenRefused('decision-missing');
  });
  it('waits for a decision, and comes of none that has failed', () => {
    for (const steps of [OPENED, VOTING, COUNTING, PASSED, NOTICING, CONFIRMING]) after(steps).when(reserve(), system).thenRefused('decision-open');
    after([...OPENED, please('declare-emergency')])
      .when(reserve(), system)
      .thenRefused('decision-open');
    after([...OPENED, please('cancel')])
      .when(reserve(), system)
      .thenRefused('decision-failed');
    after(FAILED).when(reserve(), system).thenRefused('decision-failed');
  });
  it('moves once, however often it is said', () => {
    const held = [...CONFIRMED, reserve()];
    after(held).when(reserve(), system).thenNothing();
    after(held)
      .when(reserve({ amountFen: 500 }), system)
      .thenRefused('reservation-differs');
    after([...held, please('commit')])
      .when(please('commit'), system)
      .thenNothing();
    after([...held, please('commit')])
      .when(reserve(), system)
      .thenRefused('reservation-ended');
    after([...held, please('release')])
      .when(please('release'), system)
      .thenNothing();
    after(held)
      .when(please('commit', { reservationId: 'r1', amountFen: 601 }), system)
      .thenRefused('over-reservation', { reservedFen: 600 });
    after(held)
      .when(please('resize', { reservationId: 'r1', amountFen: 1_001 }), system)
      .thenRefused('over-plan', { availableFen: 400 });
    after(held)
      .when(please('resize', { reservationId: 'r1', amountFen: 700, beforeFen: 500 }), system)
      .thenRefused('reservation-differs');
  });
  it('is drawn in part at first, mostly before the audit, and all of it behind', () => {
    const draw = (amountFen: number) => please('draw', { amountFen, reference: 'D' });
    const held = [...CONFIRMED, reserve({ amountFen: 999 })];
    after(CONFIRMED).when(draw(1)).thenRefused('over-draw', { availableFen: 0 });
    after(held).when(draw(300)).thenRefused('over-draw', { availableFen: 299 }); // 299.7
    after([...held, draw(299)])
      .when(draw(601))
      .thenRefused('over-draw', { availableFen: 600 }); // of 899.1
    expect(
      after([...held, draw(299)])
        .when(draw(600), { actor: aud })
        .thenAccepted(),
    ).toMatchObject([{ data: { drawnFen: 899 } }]);
    after([...held, draw(299), draw(600), please('audit-account')])
      .when(draw(101))
      .thenRefused('over-draw', { availableFen: 100 });
    after([...held, please('audit-account')])
      .when(please('audit-account'))
      .thenRefused('already-audited');
  });
  it('is drawn in a first instalment, in however many pieces that comes', () => {
    const draw = (amountFen: number) => please('draw', { amountFen, reference: 'D' });
    const held = [...CONFIRMED, reserve({ amountFen: 999 })];
    after([...held, draw(1)])
      .when(draw(299))
      .thenRefused('over-draw', { availableFen: 298 });
    after([...held, draw(1), draw(297)])
      .when(draw(2))
      .thenRefused('over-draw', { availableFen: 1 });
    after([...held, draw(1), draw(298)])
      .when(draw(601))
      .thenRefused('over-draw', { availableFen: 600 });
    after([...CONFIRMED, reserve({ amountFen: 3 })])
      .when(draw(1))
      .thenRefused('over-draw', { availableFen: 0 }); // 0.9
  });
  it('that was drawn and is for no works any more is owed until it is paid back, and lets nothing else be drawn', () => {
    const draw = (amountFen: number) => please('draw', { amountFen, reference: 'D' });
    const repay = (amountFen: number) => please('repay', { amountFen, reference: 'P' });
    const drawn = [...CONFIRMED, reserve({ amountFen: 900 }), draw(270), please('audit-account'), draw(400)];
    after(drawn).when(repay(1)).thenRefused('over-owed', { owedFen: 0 });
    const cheaper = [...drawn, please('commit', { reservationId: 'r1', amountFen: 500 })];
    after(cheaper).when(repay(171)).thenRefused('over-owed', { owedFen: 170 });
    after(cheaper).when(draw(1)).thenRefused('over-draw', { availableFen: 0 });
    after(cheaper)
      .when(repay(100), { actor: aud })
      .then({ type: 'FundRepaid', data: { needId: 'n1', amountFen: 100, reference: 'P', drawnFen: 570 } });
    after([...cheaper, repay(100), repay(70)])
      .when(repay(1))
      .thenRefused('over-owed', { owedFen: 0 });
    after([...cheaper, reserve({ reservationId: 'r2', amountFen: 150 })])
      .when(repay(21))
      .thenRefused('over-owed', { owedFen: 20 }); // what is out is for the works again
  });
  it('that is owed keeps a decision from its end', () => {
    const over = [...CONFIRMED, reserve(), please('draw'), please('need-ended'), please('release')];
    const placeAfter = (steps: Steps) => {
      const state = stateAfter(lived(steps).events);
      return [decisionDecider.summary(state)['status'], decisionDecider.isFinal(state)];
    };
    expect([placeAfter(over), placeAfter([...over, please('repay')])]).toEqual([
      ['settling', false],
      ['cancelled', true],
    ]);
  });
  it('that is held lets nobody give the decision up', () => {
    after([...CONFIRMED, reserve()])
      .when(please('cancel'))
      .thenRefused('funds-held', { heldFen: 600 });
    after([...CONFIRMED, reserve(), please('commit')])
      .when(please('cancel'))
      .thenRefused('funds-held', { heldFen: 500 });
    expect(
      after([...CONFIRMED, reserve(), please('release')])
        .when(please('cancel'))
        .thenAccepted(),
    ).toHaveLength(1);
  });
});

describe('a decision that has failed', () => {
  const takeUp = (over: Partial<Do<'take-up'>['data']> = {}) => please('take-up', { needId: 'n1', community: 'Qunan', ...over });
  it('is taken up again for its own need, by its own community', () => {
    after(FAILED).when(takeUp(), { actor: funding }).thenNothing();
    for (const over of [{ needId: 'n2' }, { community: 'Lakeside' }])
      after(FAILED).when(takeUp(over), { actor: funding }).thenRefused('no-such-previous');
    for (const steps of [OPENED, VOTING, PASSED, CONFIRMED, CANCELLED])
      after(steps).when(takeUp(), { actor: funding }).thenRefused('no-such-previous');
  });
});

describe('the works', () => {
  it('that are accepted are under warranty for years, with a reminder before it ends', () => {
    const [started] = after(CONFIRMED).when(please('works-accepted'), { actor: funding, now: '2024-09-20T10:00:00.000+08:00' }).thenAccepted();
    expect(started).toMatchObject({
      data: { endsAt: '2029-09-21T00:00:00.000+08:00', deadline: { steps: [{ kind: 'approaching', at: '2029-08-22T00:00:00.000+08:00' }] } },
    });
    const leap = { actor: funding, now: '2024-02-29T10:00:00.000+08:00' };
    expect(after(CONFIRMED).when(please('works-accepted'), leap).thenAccepted()).toMatchObject([
      { data: { endsAt: '2029-03-01T00:00:00.000+08:00' } },
    ]);
  });
  it('of another need, or said again, change nothing', () => {
    after(CONFIRMED)
      .when(please('works-accepted', { needId: 'n2' }), { actor: funding })
      .thenNothing();
    after(WARRANTY).when(please('works-accepted'), { actor: funding }).thenNothing();
    after(CONFIRMED)
      .when(please('need-ended', { needId: 'n2' }), { actor: funding })
      .thenNothing();
  });
});

describe('the clock', () => {
  /** Everything that happens by itself until an instant, and nobody does anything. */
  const letTimePass = (steps: Steps, until: string): readonly string[] => {
    let state = stateAfter(lived(steps).events);
    const told: string[] = [];
    for (let due = decisionDecider.due(state, { rules: 1 }); due !== null && due.at <= until; due = decisionDecider.due(state, { rules: 1 })) {
      const ruling = decideOn(due.command, state, { actor: clock, now: due.at });
      if (!ruling.ok || ruling.events.length === 0) throw new Error(`nothing came of ${JSON.stringify(due)}`);
      for (const event of ruling.events) told.push(`${due.at.slice(0, 16)} ${event.type}`);
      state = ruling.events.reduce((folded, event) => decisionDecider.evolve(folded, event, { rules: 1 }), state);
    }
    return told;
  };
  const ladder = (...days: readonly string[]): readonly string[] =>
    days.map((day, i) => `${day} ${i === 0 ? 'DeadlineApproaching' : i === 1 ? 'DeadlineMissed' : 'Escalated'}`);

  it('climbs the ladder while the community does not open the ballot', () => {
    expect(letTimePass(OPENED, '2030-01-01')).toEqual(
      ladder('2024-08-16T08:00', '2024-08-19T18:00', '2024-08-20T08:00', '2024-08-27T08:00', '2024-09-03T08:00', '2024-09-10T08:00'),
    );
  });
  it('reminds of a ballot, closes it, and climbs while no notice is posted', () => {
    expect(letTimePass(VOTING, '2024-07-30')).toEqual(['2024-07-19T08:00 DeadlineApproaching', '2024-07-22T18:00 VotingEnded']);
    expect(letTimePass([...VOTING, 'waits', 'waits', 'is counted'], '2024-07-30')).toEqual([
      ...['2024-07-26T08:00 DeadlineApproaching', '2024-07-29T18:00 DeadlineMissed'],
    ]);
  });
  it('ends the notice and climbs while the authority does not confirm', () => {
    expect(letTimePass(NOTICING, '2024-07-25')).toEqual([
      ...['2024-07-15T08:00 DeadlineApproaching', '2024-07-16T00:00 NoticeEnded'],
      ...['2024-07-22T08:00 DeadlineApproaching', '2024-07-23T18:00 DeadlineMissed', '2024-07-24T08:00 Escalated'],
    ]);
  });
  it('ends the warranty, and then nothing happens any more', () => {
    expect(letTimePass([...CONFIRMED, please('works-accepted')], '2040-01-01')).toEqual([
      '2029-06-17T00:00 DeadlineApproaching',
      '2029-07-17T00:00 WarrantyEnded',
    ]);
  });
  it('ends what ends by itself where there is neither calendar nor policy', () => {
    const untimed = lived([...OPENED, please('open-ballot')], {}).events;
    expect(decisionDecider.due(stateAfter(untimed), { rules: 1 })).toEqual({
      at: '2024-07-22T18:00:00.000+08:00',
      command: { type: 'close-ballot', data: {} },
    });
    expect(decisionDecider.due(stateAfter(lived(OPENED, {}).events), { rules: 1 })).toBeNull();
  });
  it('says whose need it is about', () => {
    const { now, events } = lived([...OPENED, 'waits']);
    expect([events.at(-1)?.data, now.slice(0, 10)]).toMatchObject([{ needId: 'n1', stage: 'preparing' }, '2024-08-16']);
  });
  it('is moved by another policy, which says so, and by none that says the same', () => {
    const later = tablesWith({ prepareWithin: { workingDays: 40 } });
    const named = { ...later, policy: { ...later.policy, version: 'later-1' } };
    expect(after(OPENED).when(please('retime'), { actor: funding, tables: named }).thenAccepted()).toMatchObject([
      {
        type: 'DeadlineMoved',
        data: {
          needId: 'n1',
          stage: 'preparing',
          cause: 'policy',
          oldDueAt: '2024-08-19T18:00:00.000+08:00',
          dueAt: '2024-09-02T18:00:00.000+08:00',
        },
      },
    ]);
    for (const steps of [OPENED, VOTING, NOTICING, WARRANTY, CONFIRMED]) after(steps).when(please('retime'), { actor: funding }).thenNothing();
  });
});

it('a policy that changes later changes nothing of a decision that has begun', () => {
  const changed = tablesWith({
    secondBallot: 'replace',
    firstDrawPercentMax: 100,
    rules: DEFAULT_DECISION.rules.filter(({ onRequest }) => !onRequest),
  });
  const command: DecisionCommand = vote({ owner: 'ann' });
  after([...OPENED, please('open-ballot'), ...votes('ann')])
    .when(command, { tables: changed })
    .thenRefused('already-voted');
});
