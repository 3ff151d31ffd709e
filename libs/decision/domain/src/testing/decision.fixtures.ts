import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_DECISION, DEFAULT_POLICY_DOCUMENT, type DecisionPolicy } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor, type Context } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import {
  ballotsHashAfter,
  countBallots,
  decisionDecider,
  NO_BALLOTS_HASH,
  type BallotCount,
  type DecisionCommand,
  type DecisionCommandType,
  type DecisionEvent,
  type DecisionState,
  type Do,
  type Plan,
  type RosterEntry,
} from '../index';

export const cora: Actor = { id: 'cora', role: 'community', unit: 'Qunan' };
export const stranger: Actor = { id: 'com', role: 'community', unit: 'Lakeside' };
export const ann: Actor = { id: 'ann', role: 'resident', unit: null };
export const bo: Actor = { id: 'bo', role: 'resident', unit: null };
export const passer: Actor = { id: 'zoe', role: 'resident', unit: null };
export const aud: Actor = { id: 'aud', role: 'authority', unit: 'Housing' };
export const funding: Actor = { id: 'funding', role: 'system', unit: null };
export const clock = CLOCK_ACTOR;

export const NOW = '2024-07-08T09:00:00.000+08:00';
export const CLOSES = '2024-07-22T18:00:00.000+08:00';

export const tablesWith = (decision?: Partial<DecisionPolicy>) => ({
  calendar: compileTable(CHINA_2024_2026),
  policy: compilePolicy(
    decision === undefined ? DEFAULT_POLICY_DOCUMENT : { ...DEFAULT_POLICY_DOCUMENT, decision: { ...DEFAULT_DECISION, ...decision } },
  ),
});
export const TABLES = tablesWith();

/** The roof of a stair unit: ann has two rooms, bo, cy and di one each, one is unsold. Five heads, 600 m². */
export const ROSTER: readonly RosterEntry[] = [
  { room: '101', areaCm2: 1_000_000, owner: 'ann' },
  { room: '102', areaCm2: 1_000_000, owner: 'bo' },
  { room: '201', areaCm2: 1_000_000, owner: 'ann' },
  { room: '202', areaCm2: 1_000_000, owner: 'cy' },
  { room: '301', areaCm2: 1_000_000, owner: 'di' },
  { room: '302', areaCm2: 1_000_000, owner: null },
];
export const PLAN: Plan = {
  parts: ['roof'],
  works: 'A new waterproof layer',
  budgetFen: 1_000,
  warrantyEndedOn: '2015-06-30',
  from: '2024-09-01',
  to: '2024-09-20',
};

/** Of the four ballots of `VOTING`. */
const COUNT: BallotCount = {
  ...{ agree: { heads: 4, areaCm2: 5_000_000 }, disagree: { heads: 0, areaCm2: 0 }, abstain: { heads: 0, areaCm2: 0 } },
  ballotsHash: ['ann', 'cy', 'di', null].reduce<string>((hash, owner) => ballotsHashAfter(hash, { owner, choice: 'agree' }), NO_BALLOTS_HASH),
};
/** What somebody finds in ballots that are not sealed, as they are here. */
export const countIn = (events: readonly DecisionEvent[]): BallotCount =>
  countBallots(
    events,
    events.flatMap((event) => (event.type === 'VoteCast' ? [event.data.choice] : [])),
  );

/** One well-formed body for each command. */
const BODIES: { readonly [T in DecisionCommandType]: Do<T>['data'] } = {
  open: { needId: 'n1', matter: 'use-fund', roster: ROSTER, plan: PLAN },
  'hold-council': { notes: 'most agree', attended: 9 },
  visit: { room: '101', stance: 'objects' },
  object: { room: '101', reason: 'not our roof' },
  mediate: { room: '101', round: 1, notes: 'the law was explained', outcome: 'unsettled' },
  'revise-plan': { plan: { ...PLAN, budgetFen: 900 }, reason: 'a better offer' },
  'open-ballot': { closesAt: CLOSES, channels: ['paper', 'online'] },
  vote: { room: '102', choice: 'agree', channel: 'paper' },
  'close-ballot': {},
  count: COUNT,
  sign: { room: '101' },
  'post-notice': { days: 7, place: 'the door' },
  challenge: { reason: 'the areas are wrong' },
  settle: { challengeId: 'c1', upheld: false, reason: 'they are right' },
  confirm: { reference: 'F-18' },
  cancel: { reason: 'paid otherwise' },
  'declare-emergency': { basis: 'water runs into the wiring', evidence: [{ kind: 'report', text: 'see' }] },
  draw: { amountFen: 100, reference: 'D-1' },
  repay: { amountFen: 100, reference: 'P-1' },
  'audit-account': { reference: 'A-1' },
  'take-up': { needId: 'n1', community: 'Qunan' },
  reserve: { reservationId: 'r1', needId: 'n1', amountFen: 600 },
  resize: { reservationId: 'r1', amountFen: 700 },
  commit: { reservationId: 'r1', amountFen: 500 },
  release: { reservationId: 'r1' },
  'works-accepted': { needId: 'n1' },
  'need-ended': { needId: 'n1' },
  'end-notice': {},
  'end-warranty': {},
  tick: { step: 'missed' },
  retime: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly DecisionCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends DecisionCommandType>(type: T, data?: Do<T>['data']): Do<T> =>
  ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The actor whom the rules mean for a command. */
export const rightActorFor = ({ type }: Pick<DecisionCommand, 'type'>): Actor => {
  switch (type) {
    case 'confirm':
      return aud;
    case 'count':
    case 'take-up':
    case 'reserve':
    case 'resize':
    case 'commit':
    case 'release':
    case 'works-accepted':
    case 'need-ended':
    case 'retime':
      return funding;
    case 'end-notice':
    case 'end-warranty':
    case 'tick':
      return clock;
    default:
      return cora;
  }
};

type Step = DecisionCommand | readonly [Actor, DecisionCommand] | 'waits' | 'is counted';

/** `evolve`, as a step for `reduce`. */
export const evolve = (state: DecisionState, event: DecisionEvent): DecisionState => decisionDecider.evolve(state, event, { rules: 1 });
export const stateAfter = (past: readonly DecisionEvent[]): DecisionState => past.reduce(evolve, decisionDecider.initial);

export const decideOn = (command: DecisionCommand, state: DecisionState, over: Partial<Context> = {}) =>
  decisionDecider.decide(command, state, { ...TEST_CONTEXT, now: NOW, tables: TABLES, actor: rightActorFor(command), ...over });

/** What came of these steps, each accepted; `waits` lets the next timer fire, `is counted` opens the ballots. */
export const lived = (
  steps: readonly Step[],
  tables: Context['tables'] = TABLES,
): { readonly events: readonly DecisionEvent[]; readonly now: string } => {
  let [state, now, events]: [DecisionState, string, readonly DecisionEvent[]] = [decisionDecider.initial, NOW, []];
  for (const asked of steps) {
    const step = asked === 'is counted' ? please('count', countIn(events)) : asked;
    const due = step === 'waits' ? decisionDecider.due(state, { rules: 1 }) : null;
    if (step === 'waits' && due === null) throw new Error('nothing is waited for');
    now = due?.at ?? now;
    const [actor, command] =
      due !== null ? [clock, due.command] : step instanceof Array ? step : [rightActorFor(step as DecisionCommand), step as DecisionCommand];
    const ruling = decideOn(command, state, { actor, now, tables });
    if (!ruling.ok) throw new Error(`${command.type}: ${JSON.stringify(ruling.refusal)}`);
    state = ruling.events.reduce(evolve, state);
    events = [...events, ...ruling.events];
  }
  return { events, now };
};

const vote = (owner: string | null, choice: Do<'vote'>['data']['choice'] = 'agree'): DecisionCommand =>
  please('vote', owner === null ? { room: '302', choice, channel: 'paper' } : { owner, choice, channel: 'paper' });
export const votes = (...owners: readonly (string | null)[]): readonly DecisionCommand[] => owners.map((owner) => vote(owner));

export const OPENED: readonly Step[] = [please('open')];
export const VOTING: readonly Step[] = [...OPENED, please('open-ballot'), ...votes('ann', 'cy', 'di', null)];
export const COUNTING: readonly Step[] = [...VOTING, please('close-ballot')];
export const PASSED: readonly Step[] = [...COUNTING, 'is counted'];
export const NOTICING: readonly Step[] = [...PASSED, please('post-notice')];
export const CONFIRMING: readonly Step[] = [...NOTICING, 'waits', 'waits']; // reminder, end
export const CONFIRMED: readonly Step[] = [...CONFIRMING, please('confirm')];
export const DECLARED: readonly Step[] = [...OPENED, please('declare-emergency')];
export const EMERGENCY: readonly Step[] = [...DECLARED, please('confirm')];
export const WARRANTY: readonly Step[] = [...CONFIRMED, please('reserve'), please('works-accepted')];
export const FAILED: readonly Step[] = [...OPENED, please('open-ballot'), please('close-ballot'), 'is counted'];
export const CANCELLED: readonly Step[] = [...OPENED, please('cancel')];

/** Steps to each status that a decision can rest in. */
export const PATHS: Readonly<Record<string, readonly Step[]>> = {
  nonexistent: [],
  'preparing/consulting': OPENED,
  'voting/voting': VOTING,
  'counting/counting': COUNTING,
  'passed/passed': PASSED,
  'noticing/noticing': NOTICING,
  'confirming/confirming': CONFIRMING,
  'declared/declared': DECLARED,
  'emergency/emergency': [...EMERGENCY, please('reserve')],
  'confirmed/working': [...CONFIRMED, please('reserve')],
  'warranty/in-warranty': WARRANTY,
  'ended/settling': [...WARRANTY, 'waits', 'waits'],
  'ended/ended': [...WARRANTY, please('commit'), 'waits', 'waits'],
  'failed/failed': FAILED,
  'cancelled/cancelled': CANCELLED,
  'cancelled/settling': [...CONFIRMED, please('reserve'), please('need-ended')],
};
