import { deepEqual, equal } from 'node:assert/strict';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_DECISION, DEFAULT_POLICY_DOCUMENT, reservedFenOf } from '@qiyue/civic-domain';
import {
  availableFenOf,
  countBallots,
  countOf,
  decisionDecider,
  needsOf,
  owedFenOf,
  statusOf,
  hasQuorum,
  type DecisionCommand,
  type DecisionEvent,
  type DecisionState,
} from '@qiyue/decision-domain';
import { canonicalJson, eventOf, type Actor } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldDecisionView, type DecisionView } from './index';

const cora: Actor = { id: 'cora', role: 'community', unit: 'Qunan' };
const aud: Actor = { id: 'aud', role: 'authority', unit: null };
const ann: Actor = { id: 'ann', role: 'resident', unit: null };
const funding: Actor = { id: 'funding', role: 'system', unit: null };
const TABLES = {
  calendar: compileTable(CHINA_2024_2026),
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, decision: { ...DEFAULT_DECISION, secondBallot: 'replace' } }),
};
const plan = { parts: ['roof'], works: 'w', budgetFen: 1_000, warrantyEndedOn: '2015-06-30', from: '2024-09-01', to: '2024-09-20' };
const roster = [
  { room: '101', areaCm2: 90, owner: 'ann' },
  { room: '102', areaCm2: 100, owner: 'bo' },
  { room: '201', areaCm2: 110, owner: 'ann' },
  { room: '202', areaCm2: 120, owner: null },
];
const open: DecisionCommand = { type: 'open', data: { needId: 'n1', matter: 'use-fund', roster, plan } };

type Step = readonly [Actor, DecisionCommand] | 'is counted';
const vote = (room: string, choice: 'agree' | 'disagree' | 'abstain'): Step => [cora, { type: 'vote', data: { room, choice, channel: 'paper' } }];
const money = (type: 'commit' | 'release', n: number): Step => [
  funding,
  { type, data: { reservationId: `r${n}`, amountFen: n * 80 } } as DecisionCommand,
];

const STEPS: readonly Step[] = [
  [cora, { type: 'hold-council', data: { notes: 'n', attended: 3 } }],
  [cora, { type: 'visit', data: { room: '101', stance: 'objects' } }],
  [ann, { type: 'object', data: { room: '101', reason: 'r' } }],
  [cora, { type: 'mediate', data: { room: '101', round: 1, notes: 'n', outcome: 'settled' } }],
  [cora, { type: 'revise-plan', data: { plan: { ...plan, budgetFen: 900 }, reason: 'r' } }],
  ...[1, 2].map((): Step => [cora, { type: 'open-ballot', data: { closesAt: '2025-01-01', channels: ['paper', 'online'] } }]),
  ...['101', '102', '202'].flatMap((room) => [vote(room, 'agree'), vote(room, 'agree'), vote(room, 'abstain')]),
  vote('201', 'disagree'),
  [ann, { type: 'vote', data: { owner: 'ann', choice: 'agree', channel: 'online' } }],
  [cora, { type: 'close-ballot', data: {} }],
  'is counted',
  [cora, { type: 'sign', data: { room: '102' } }],
  ...[1, 2].map((): Step => [cora, { type: 'post-notice', data: { days: 3, place: 'p' } }]),
  [ann, { type: 'challenge', data: { reason: 'r' } }],
  ...[true, false, false].map((upheld): Step => [cora, { type: 'settle', data: { challengeId: 'c1', upheld, reason: 'r' } }]),
  ...[1, 2, 3].map((): Step => [aud, { type: 'confirm', data: {} }]),
  [cora, { type: 'declare-emergency', data: { basis: 'b', evidence: [{ kind: 'k', text: 't' }] } }],
  [cora, { type: 'cancel', data: { reason: 'r' } }],
  ...[1, 2].map((n): Step => [funding, { type: 'reserve', data: { reservationId: `r${n}`, needId: 'n1', amountFen: n * 100 } }]),
  [funding, { type: 'resize', data: { reservationId: 'r1', amountFen: 150 } }],
  ...[1, 2].flatMap((n) => [money('commit', n), money('release', n)]),
  [cora, { type: 'draw', data: { amountFen: 20, reference: 'r' } }],
  [cora, { type: 'repay', data: { amountFen: 10, reference: 'r' } }],
  [cora, { type: 'audit-account', data: { reference: 'r' } }],
  [funding, { type: 'works-accepted', data: { needId: 'n1' } }],
  [funding, { type: 'need-ended', data: { needId: 'n1' } }],
];
const WAITS = STEPS.length;

/** What comes of most lives only by chance, in order: so that random steps begin far enough along. */
const FORWARD: readonly (Step | 'waits')[] = [
  ...([[cora, { type: 'open-ballot', data: { closesAt: '2025-01-01', channels: ['paper'] } }]] as const),
  ...['101', '102', '202'].map((room) => vote(room, 'agree')),
  [cora, { type: 'close-ballot', data: {} }],
  'is counted',
  [cora, { type: 'post-notice', data: { days: 3, place: 'p' } }],
  ...(['waits', 'waits'] as const),
  [aud, { type: 'confirm', data: {} }],
];

const countIn = (events: readonly DecisionEvent[]) =>
  countBallots(
    events,
    events.flatMap((event) => (event.type === 'VoteCast' ? [event.data.choice] : [])),
  );

const insist = (view: DecisionView, state: Exclude<DecisionState, { stage: 'nonexistent' }>): void => {
  deepEqual([view.stage, view.status], [state.stage, statusOf(state, owedFenOf(state))]);
  const count = countOf(state.electorate, state.ballots);
  const { outcome, agreeAreaCm2, agreeHeads, approval, quorum, ...turnout } = view.tally;
  const { agreeAreaCm2: _, agreeHeads: __, ...known } = count;
  deepEqual([turnout, quorum], [known, hasQuorum(count, state.rule)]);
  const agree = view.ballots.filter(({ choice }) => choice === 'agree');
  const agreed = [agree.length, agree.reduce((sum, { areaCm2 }) => sum + areaCm2, 0)];
  deepEqual([agreeHeads, agreeAreaCm2], outcome === 'open' ? [null, null] : agreed);
  equal(outcome === 'open', approval === null);
  equal((view.ballot?.closedAt ?? null) === null, outcome === 'open' && (view.ballot?.cause ?? null) === null);
  const needed = needsOf(count, state.rule);
  deepEqual([view.counting.neededAgreeAreaCm2, view.counting.neededPartHeads], [needed.agreeAreaCm2, needed.partHeads]);
  equal(view.ballots.length, [...state.ballots].filter((letter) => letter !== '-').length);
  deepEqual(view.fund, {
    ...{ budgetFen: state.plan.budgetFen, reservedFen: reservedFenOf(state), committedFen: state.committedFen },
    ...{ availableFen: availableFenOf(state), drawnFen: state.drawnFen, owedFen: owedFenOf(state) },
  });
  equal(view.fund.availableFen >= 0, true);
  equal(
    view.roster.reduce((sum, { shareFen }) => sum + (shareFen ?? 0), 0),
    state.plan.budgetFen,
  );
  equal(view.dueAt, 'dueAt' in state ? state.dueAt : null);
  equal(view.signatures.length, [...state.signed].filter((sign) => sign === '1').length);
  deepEqual(
    [view.challenges.length, view.challenges.flatMap(({ challengeId, settled }) => (settled === null ? [challengeId] : []))],
    [state.challenges.count, state.challenges.open.map(({ challengeId }) => challengeId)],
  );
};

it('a document says of votes, money and deadlines what the entity knows of them, after every command', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.nat(FORWARD.length), fc.array(fc.nat(WAITS + 6), { minLength: 5, maxLength: 40, size: 'max' }), (ahead, picks) => {
      const life = new EntityLife(decisionDecider, { entity: '0123456789abcdefghjkmnpqrs', bornAt: '2024-07-08T09:00:00.000+08:00', tables: TABLES });
      life.does(cora, open);
      let [view, folded]: [DecisionView | null, number] = [null, 0];
      for (const step of [...FORWARD.slice(0, ahead), ...picks.map((pick) => STEPS[pick] ?? ('waits' as const))]) {
        if (step === 'waits') life.waits();
        else if (step === 'is counted')
          life.does(funding, { type: 'count', data: countIn(life.records.map((record) => eventOf<DecisionEvent>(record))) });
        else life.does(...step);
        for (const record of life.records.slice(folded)) view = foldDecisionView(view, record);
        folded = life.records.length;
        const { state } = life;
        if (view === null || state.stage === 'nonexistent') throw new Error('it was never opened');
        places.add(`${state.stage}/${statusOf(state, owedFenOf(state))}`);
        insist(view, state);
      }
      const again = life.records.reduce<DecisionView | null>(foldDecisionView, null);
      equal(canonicalJson(again as never), canonicalJson(view as never));
    }),
    { numRuns: 1_000, seed: 20_240_708 },
  );
  expect([...places].sort()).toEqual([
    ...[
      'cancelled/cancelled',
      'cancelled/settling',
      'confirmed/working',
      'confirming/confirming',
      'counting/counting',
      'declared/declared',
      'emergency/emergency',
    ],
    ...['ended/ended', 'ended/settling', 'failed/failed', 'noticing/noticing', 'passed/passed', 'preparing/consulting', 'voting/voting'],
    'warranty/in-warranty',
  ]);
}, 120_000);
