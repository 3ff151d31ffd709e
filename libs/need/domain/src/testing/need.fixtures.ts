import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import type { Do, Fact, NeedCommand, NeedCommandType, NeedEvent } from '../index';
import { type DeadlineStage, scheduleFor, DEFAULT_POLICY_DOCUMENT, compilePolicy } from '@qiyue/civic-domain';

/** Who plays: everybody belongs to the community of the need, unless the name says otherwise. */
export const ann: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
export const bo: Actor = { id: 'bo', role: 'resident', unit: 'Lakeside' };
export const gus: Actor = { id: 'gus', role: 'grid', unit: 'Lakeside' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const communityElsewhere: Actor = { id: 'hill', role: 'community', unit: 'Hillside' };
export const residentElsewhere: Actor = { id: 'hal', role: 'resident', unit: 'Hillside' };
export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const roads: Actor = { id: 'rod', role: 'department', unit: 'Roads' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const authority: Actor = { id: 'ada', role: 'authority', unit: null };
export const clock = CLOCK_ACTOR;
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };

/** Every event of these fixtures happens at once, so each deadline is its window after `NOW`. */
export const NOW = '2024-07-01T08:00:00.000+08:00';
export const IN_2_DAYS = '2024-07-03T08:00:00.000+08:00';
export const IN_3_DAYS = '2024-07-04T08:00:00.000+08:00';
export const IN_5_DAYS = '2024-07-06T08:00:00.000+08:00';
export const IN_13_DAYS = '2024-07-14T08:00:00.000+08:00';
export const IN_30_DAYS = '2024-07-31T08:00:00.000+08:00';
export const policy = 'default-hours-1';
/** Calendar and policy, for the needs that have a ladder. */
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };

export const ramp: Do<'submit'>['data'] = {
  title: 'A ramp for the clinic',
  kind: 'tangible',
  items: [{ name: 'ramp', quantity: 1, unit: 'piece' }],
  community: 'Lakeside',
};

/** One well-formed body for each command; `bodyOf` gives the command. */
const BODIES: { readonly [T in NeedCommandType]: Do<T>['data'] } = {
  submit: ramp,
  amend: { title: 'A wider ramp' },
  withdraw: { reason: 'no longer needed' },
  reject: { reason: 'not for the county' },
  merge: { into: 'other-need' },
  adopt: { from: 'other-need', followers: ['pam'] },
  unadopt: { from: 'other-need' },
  inspect: { notes: 'seen' },
  claim: { unit: 'Water', plan: 'build it' },
  return: { reason: 'not ours' },
  fund: { amountFen: 500_000, source: 'department', reference: 'B-1' },
  'adjust-funding': { deltaFen: 100_000, reason: 'longer than planned' },
  'cancel-works': { reason: 'the ground is too wet' },
  start: {},
  progress: { note: 'half way' },
  complete: { evidence: [{ kind: 'photo', url: 'https://example.org/1.jpg' }] },
  accept: {},
  'refuse-works': { reason: 'too steep' },
  evaluate: { side: 'resident', score: 5, satisfied: true },
  reopen: { reason: 'broken again' },
  vouch: { kind: 'service' },
  close: {},
  whistle: { units: ['Water', 'Roads'] },
  dispatch: { unit: 'Water' },
  correct: { category: 'roads', reason: 'mistyped' },
  'confirm-urgency': { urgency: 'emergency' },
  sign: {},
  pause: { waitingFor: "the owners' decision" },
  resume: {},
  'request-extension': { workingDays: 5, reason: 'parts are late' },
  grant: {},
  deny: { reason: 'no cause' },
  join: {},
  'share-contact': { unit: 'Water' },
  'report-in': { answer: 'coming' },
  'await-decision': { decisionId: 'decision-1', community: 'Lakeside' },
  'note-decision': { decisionId: 'decision-1', progress: 'confirmed' },
  'join-project': { projectId: 'project-1', unit: 'Water', community: 'Lakeside', role: 'centre' },
  'leave-project': { projectId: 'project-1' },
  tick: { step: 'missed' },
  retime: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly NeedCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends NeedCommandType>(type: T, data?: Do<T>['data']): Do<T> => ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The same event with some of its data another. */
export const but = <E extends NeedEvent>(event: E, data: Partial<E['data']>): E => ({ ...event, data: { ...event.data, ...data } });

/** The actor whom the rules mean for a command on Ann's need that Water leads. */
export const rightActorFor = (command: NeedCommand): Actor => {
  switch (command.type) {
    case 'submit':
    case 'amend':
    case 'withdraw':
    case 'share-contact':
      return ann;
    case 'join':
      return roads;
    case 'claim':
    case 'return':
    case 'fund':
    case 'start':
    case 'progress':
    case 'complete':
      return water;
    case 'evaluate':
      return command.data.side === 'resident' ? ann : cora;
    case 'request-extension':
    case 'report-in':
      return water;
    case 'dispatch':
    case 'correct':
    case 'adjust-funding':
    case 'cancel-works':
    case 'grant':
    case 'deny':
      return centre;
    case 'vouch':
    case 'await-decision':
    case 'note-decision':
    case 'join-project':
    case 'leave-project':
    case 'retime':
      return retimer;
    case 'close':
    case 'tick':
      return clock;
    default:
      return cora;
  }
};

export const submitted: Fact<'NeedSubmitted'> = {
  type: 'NeedSubmitted',
  data: { ...ramp, author: ann, submittedAt: NOW, claimBy: IN_2_DAYS, policy },
};
export const inspected: Fact<'NeedInspected'> = { type: 'NeedInspected', data: { notes: 'seen' } };
export const claimed: Fact<'NeedClaimed'> = {
  type: 'NeedClaimed',
  data: { unit: 'Water', helpers: [], plan: 'build it', claimedAt: NOW, fundBy: IN_3_DAYS, returnUntil: IN_2_DAYS, policy },
};
export const returned: Fact<'ClaimReturned'> = { type: 'ClaimReturned', data: { reason: 'not ours', unit: 'Water', claimBy: IN_2_DAYS, policy } };
export const funded: Fact<'NeedFunded'> = {
  type: 'NeedFunded',
  data: { amountFen: 500_000, source: 'department', reference: 'B-1', unit: 'Water', doneBy: IN_13_DAYS, policy },
};
export const started: Fact<'WorksStarted'> = { type: 'WorksStarted', data: {} };
export const reported: Fact<'WorksReported'> = { type: 'WorksReported', data: { evidence: [{ kind: 'photo', url: 'https://example.org/1.jpg' }] } };
export const refused: Fact<'WorksRefused'> = { type: 'WorksRefused', data: { reason: 'too steep' } };
export const done: Fact<'NeedDone'> = { type: 'NeedDone', data: { evaluateBy: IN_5_DAYS, policy } };
export const residentHappy: Fact<'ResidentEvaluated'> = { type: 'ResidentEvaluated', data: { score: 5, satisfied: true } };
export const communityHappy: Fact<'CommunityEvaluated'> = { type: 'CommunityEvaluated', data: { score: 5, satisfied: true } };
export const evaluated: Fact<'NeedEvaluated'> = {
  type: 'NeedEvaluated',
  data: { residentScore: 5, communityScore: 5, satisfied: true, closesAt: IN_30_DAYS, policy },
};
export const reopenedByHand: Fact<'NeedReopened'> = {
  type: 'NeedReopened',
  data: { cause: 'by-hand', reason: 'broken again', unit: 'Water', round: 2, fundBy: IN_3_DAYS, returnUntil: IN_2_DAYS, policy },
};
export const adopted: Fact<'NeedAdopted'> = { type: 'NeedAdopted', data: { from: 'other-need', followers: ['pam'] } };
export const closed: Fact<'NeedClosed'> = { type: 'NeedClosed', data: {} };

/** The same past under `TABLES`: what starts a deadline has its ladder from `NOW` on. */
export const timed = (past: readonly NeedEvent[]): readonly NeedEvent[] => past.map(withLadder);

const withLadder = (event: NeedEvent): NeedEvent => {
  const start = STARTS[event.type];
  if (start === undefined) return event;
  const [stage, field] = start;
  const deadline = scheduleFor(TABLES, { stage, from: NOW });
  const window = stage === 'claimed' ? { returnUntil: '2024-07-03T18:00:00.000+08:00' } : {};
  return { ...event, data: { ...event.data, ...window, [field]: deadline.dueAt, policy: deadline.policy, deadline } } as NeedEvent;
};

const STARTS: Readonly<Partial<Record<NeedEvent['type'], readonly [DeadlineStage, string]>>> = {
  NeedSubmitted: ['submitted', 'claimBy'],
  ClaimReturned: ['submitted', 'claimBy'],
  NeedClaimed: ['claimed', 'fundBy'],
  NeedReopened: ['claimed', 'fundBy'],
  NeedFunded: ['funded', 'doneBy'],
  NeedDone: ['done', 'evaluateBy'],
};

export const paused: Fact<'ClockPaused'> = { type: 'ClockPaused', data: { stage: 'claimed', pausedAt: NOW, waitingFor: "the owners' decision" } };
export const extensionAsked: Fact<'ExtensionRequested'> = {
  type: 'ExtensionRequested',
  data: { stage: 'claimed', workingDays: 5, reason: 'parts are late' },
};

export const toDone: readonly NeedEvent[] = [submitted, claimed, funded, reported, done];
export const toEvaluated: readonly NeedEvent[] = [...toDone, residentHappy, communityHappy, evaluated];

/** A past for each status that a need can rest in. */
export const PASTS: Readonly<Record<string, readonly NeedEvent[]>> = {
  unborn: [],
  'submitted/waiting': [submitted],
  'submitted/inspected': [submitted, inspected],
  'claimed/planned': [submitted, claimed],
  'claimed/reopened': [...toEvaluated, reopenedByHand],
  'funded/waiting-to-start': [submitted, claimed, funded],
  'funded/working': [submitted, claimed, funded, started],
  'funded/at-acceptance': [submitted, claimed, funded, reported],
  'funded/reworking': [submitted, claimed, funded, reported, refused],
  'done/awaiting-evaluations': toDone,
  'done/one-side-evaluated': [...toDone, residentHappy],
  'evaluated/open-to-reopen': toEvaluated,
  'evaluated/closed': [...toEvaluated, closed],
  'rejected/ended': [submitted, { type: 'NeedRejected', data: { reason: 'not for the county' } }],
  'withdrawn/ended': [submitted, { type: 'NeedWithdrawn', data: { reason: 'no longer needed' } }],
  'merged/ended': [submitted, { type: 'NeedMerged', data: { into: 'other-need', followers: ['ann'] } }],
};
