import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_DECISION, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { countBallots, decisionDecider, type DecisionCommand, type DecisionEvent, type RosterEntry } from '@qiyue/decision-domain';
import { foldDecisionView, type DecisionView } from '@qiyue/decision-views';
import { eventOf, type Actor, type RecordBody, type Tables } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';

export const cora: Actor = { id: 'cora', role: 'community', unit: '渠南社区' };
export const aud: Actor = { id: 'aud', role: 'authority', unit: '住建局' };
export const ann: Actor = { id: 'ann', role: 'resident', unit: null };
export const bo: Actor = { id: 'bo', role: 'resident', unit: null };
export const funding: Actor = { id: 'funding', role: 'system', unit: null };
const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const LATER = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, version: 'later-1', decision: { ...DEFAULT_DECISION, prepareWithin: { workingDays: 40 } } }),
};

/** A second ballot of an owner takes the place of the first. */
const REPLACING = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, decision: { ...DEFAULT_DECISION, secondBallot: 'replace' } }),
};

/** One event, and the decision around it. */
export interface Moment {
  readonly record: RecordBody;
  readonly before: DecisionView | null;
  readonly after: DecisionView;
}
export type Step = readonly [Actor, DecisionCommand] | 'waits' | 'is retimed' | 'is counted';

/** Ruiyuan's stair unit: the first floor objects, and one room is unsold. */
export const ROSTER: readonly RosterEntry[] = [
  { room: '3-2-101', areaCm2: 985_000, owner: 'ann' },
  { room: '3-2-102', areaCm2: 1_120_000, owner: 'bo' },
  { room: '3-2-201', areaCm2: 985_000, owner: 'cy' },
  { room: '3-2-202', areaCm2: 1_120_000, owner: 'cy' },
  { room: '3-2-301', areaCm2: 985_000, owner: null },
];
const plan = {
  parts: ['roof'],
  works: '3号楼2单元屋面防水层铲除重做',
  budgetFen: 3_600_000,
  warrantyEndedOn: '2015-06-30',
  from: '2024-09-01',
  to: '2024-09-20',
};
const SHARES = ROSTER.map(({ room }) => ({ room, parts: 1 }));
const said = 'SECRET-words';
const evidence = [{ kind: 'paper', url: 'urn:qiyue:file:0000000000000000000000000000000000000000000000000000000000000000', text: said }];
const open: Step = [cora, { type: 'open', data: { needId: 'n1', matter: 'use-fund', roster: ROSTER, plan } }];

const TALKED: readonly Step[] = [
  open,
  [cora, { type: 'hold-council', data: { notes: said, attended: 9 } }],
  [cora, { type: 'visit', data: { room: '3-2-101', stance: 'objects', notes: said } }],
  [cora, { type: 'visit', data: { room: '3-2-102', stance: 'agrees' } }],
  [ann, { type: 'object', data: { room: '3-2-101', reason: said } }],
  [cora, { type: 'mediate', data: { room: '3-2-101', round: 1, notes: said, outcome: 'unsettled' } }],
  [cora, { type: 'revise-plan', data: { plan: { ...plan, budgetFen: 3_200_000, contractor: '某防水公司', shares: SHARES }, reason: said } }],
  [cora, { type: 'mediate', data: { room: '3-2-101', round: 2, notes: said, outcome: 'settled' } }],
];
const BALLOT: Step = [cora, { type: 'open-ballot', data: { closesAt: '2024-07-22T18:00:00.000+08:00', channels: ['paper', 'online'] } }];
const VOTED: readonly Step[] = [
  ...TALKED,
  BALLOT,
  [ann, { type: 'vote', data: { owner: 'ann', choice: 'disagree', channel: 'online' } }],
  [bo, { type: 'vote', data: { room: '3-2-102', choice: 'agree', channel: 'online' } }],
  [cora, { type: 'vote', data: { owner: 'cy', choice: 'agree', channel: 'paper', evidence } }],
  [cora, { type: 'vote', data: { room: '3-2-301', choice: 'agree', channel: 'paper' } }],
  [cora, { type: 'sign', data: { room: '3-2-102' } }],
  [cora, { type: 'sign', data: { room: '3-2-201', evidence } }],
];
const NOTICED: readonly Step[] = [
  ...VOTED,
  'waits', // the reminder before the ballot closes
  [cora, { type: 'close-ballot', data: {} }],
  'is counted',
  [cora, { type: 'post-notice', data: { days: 7, place: '单元门口公示栏', photos: ['https://example.org/1.jpg'] } }],
  [ann, { type: 'challenge', data: { reason: said } }],
];
const CONFIRMED: readonly Step[] = [
  ...NOTICED,
  [cora, { type: 'settle', data: { challengeId: 'c1', upheld: false, reason: said } }],
  ...['waits' as const, 'waits' as const],
  [aud, { type: 'confirm', data: { reference: 'SECRET-18', note: '准予备案' } }],
];

const lived = (steps: readonly Step[], tables: Tables = TABLES): readonly Moment[] => {
  const life = new EntityLife(decisionDecider, { entity: '0123456789abcdefghjkmnpqrs', bornAt: '2024-07-08T09:00:00.000+08:00', tables });
  for (const step of steps) {
    if (step === 'waits') life.waits();
    else if (step === 'is counted') {
      const events = life.records.map((record) => eventOf<DecisionEvent>(record));
      const choices = events.flatMap((event) => (event.type === 'VoteCast' ? [event.data.choice] : []));
      if (life.does(funding, { type: 'count', data: countBallots(events, choices) }) !== null) throw new Error('it was not counted');
    } else {
      const refused = step === 'is retimed' ? life.isBrought(LATER, funding, { type: 'retime', data: {} }) : life.does(...step);
      if (refused !== null) throw new Error(`${JSON.stringify(step)}: ${refused}`);
    }
  }
  let before: DecisionView | null = null;
  return life.records.map((record) => {
    const after = foldDecisionView(before, record);
    const moment = { record, before, after };
    before = after;
    return moment;
  });
};

const waits = (times: number): readonly Step[] => Array.from({ length: times }, () => 'waits');
const reserve = (reservationId: string, amountFen: number): Step => [funding, { type: 'reserve', data: { reservationId, needId: 'n1', amountFen } }];

export const LIVES: Readonly<Record<string, readonly Moment[]>> = {
  idle: lived([open, ...waits(6)]),
  moved: lived([open, 'is retimed']),
  talked: lived(TALKED),
  voting: lived(VOTED),
  replaced: lived(
    [
      ...[open, BALLOT],
      ...(['agree', 'disagree'] as const).map((choice): Step => [cora, { type: 'vote', data: { owner: 'ann', choice, channel: 'paper' } }]),
      ...(['agree', 'abstain'] as const).flatMap((choice): readonly Step[] => [
        [ann, { type: 'vote', data: { owner: 'ann', choice, channel: 'online' } }],
        ...(choice === 'agree' ? [[bo, { type: 'vote', data: { owner: 'bo', choice, channel: 'online' } }] as const] : []),
      ]),
    ],
    REPLACING,
  ),
  noticed: lived(NOTICED),
  confirmed: lived(CONFIRMED),
  working: lived([
    ...CONFIRMED,
    reserve('r1', 3_000_000),
    [funding, { type: 'resize', data: { reservationId: 'r1', amountFen: 3_100_000, revision: 1 } }],
    reserve('r2', 50_000),
    [funding, { type: 'release', data: { reservationId: 'r2' } }],
    [cora, { type: 'draw', data: { amountFen: 777_777, reference: 'SECRET-draw' } }],
    [cora, { type: 'audit-account', data: { reference: 'SECRET-audit' } }],
    [funding, { type: 'works-accepted', data: { needId: 'n1' } }],
    [funding, { type: 'commit', data: { reservationId: 'r1', amountFen: 3_050_000 } }],
    ...waits(2),
  ]),
  owing: lived([
    ...CONFIRMED,
    reserve('r1', 3_000_000),
    [cora, { type: 'draw', data: { amountFen: 777_777, reference: 'SECRET-draw' } }],
    [funding, { type: 'release', data: { reservationId: 'r1' } }],
    [cora, { type: 'repay', data: { amountFen: 77_777, reference: 'SECRET-repaid' } }],
  ]),
  unattended: lived([open, BALLOT, ...waits(2), 'is counted']),
  unapproved: lived([
    ...[open, BALLOT],
    [cora, { type: 'vote', data: { owner: 'cy', choice: 'disagree', channel: 'paper' } }],
    [cora, { type: 'vote', data: { owner: 'ann', choice: 'agree', channel: 'paper' } }],
    [cora, { type: 'vote', data: { owner: 'bo', choice: 'abstain', channel: 'paper' } }],
    [cora, { type: 'close-ballot', data: {} }],
    'is counted',
  ]),
  upheld: lived([...NOTICED, [cora, { type: 'settle', data: { challengeId: 'c1', upheld: true, reason: said } }]]),
  unconfirmed: lived([...NOTICED, [cora, { type: 'settle', data: { challengeId: 'c1', upheld: false, reason: said } }], ...waits(6)]),
  cancelled: lived([open, [cora, { type: 'cancel', data: { reason: said } }]]),
  orphaned: lived([open, [funding, { type: 'need-ended', data: { needId: 'n1' } }]]),
  emergency: lived([
    open,
    [cora, { type: 'declare-emergency', data: { basis: '渗漏危及用电安全', evidence } }],
    [aud, { type: 'confirm', data: {} }],
    [cora, { type: 'post-notice', data: { days: 3, place: '单元门口公示栏' } }],
    'waits',
  ]),
};
export const EVERY_MOMENT = Object.values(LIVES).flat();

/** The `nth` event of a kind in a life, 0 the first. */
export const moment = (life: string, type: string, nth = 0): Moment => {
  const found = LIVES[life]?.filter(({ record }) => record.type === type)[nth];
  if (found === undefined) throw new Error(`no ${type} ${nth} in ${life}`);
  return found;
};
/** The decision as the life leaves it. */
export const endOf = (life: string): DecisionView => {
  const after = LIVES[life]?.at(-1)?.after;
  if (after === undefined) throw new Error(`no life ${life}`);
  return after;
};
