import type { NeedCommandType, NeedEventType } from '@qiyue/need-domain';

interface EventText {
  /** What has happened. */
  readonly description: string;
  /** Commands that it comes of: `tick` is the need's own clock, `close`, `retime`, `adopt` and `unadopt` come from our processes. */
  readonly by: readonly NeedCommandType[];
  /** What its form has gained, oldest first. */
  readonly changes?: readonly string[];
}

const LADDER = 'with deadlines on a ladder: `deadline`; events from before have none';
const PROJECT = 'rules 5: `projectId`, where it is part of a project';
const DECISION = 'rules 5: `decisionId`, of the owners’ decision that was asked for last';
const AGAIN = 'rules 6: `again`, where steps that were taken lie ahead again';
const PHOTOS = 'with rules 6: `photos`, of what it is about';
const OWNERS = 'rules 5: `owners`, where the maintenance fund pays';
const PSEUDONYMS = 'rules 3: persons are pseudonyms, whom they stand for is sealed beside';

/** When each event happens, and what it has gained since its first form. An event without a row does not compile. */
export const NEED_EVENT_TEXTS: Readonly<Record<NeedEventType, EventText>> = {
  NeedSubmitted: {
    description: 'A need is on the list',
    by: ['submit'],
    changes: ['`exactLocation`: the place to its last digit', LADDER, PSEUDONYMS, PHOTOS],
  },
  NeedAmended: { description: 'What it asks for has changed; only what changed is in it', by: ['amend'], changes: ['`exactLocation`', PHOTOS] },
  NeedWithdrawn: { description: 'Whoever wrote it has taken it back', by: ['withdraw'], changes: [PROJECT, DECISION] },
  NeedRejected: { description: 'The community has turned it down', by: ['reject'], changes: [PROJECT, DECISION] },
  NeedMerged: { description: 'It goes on in another need, and its followers with it', by: ['merge'], changes: [PROJECT, DECISION] },
  NeedAdopted: { description: 'Another need was merged into it', by: ['adopt'], changes: [PSEUDONYMS] },
  NeedUnadopted: { description: 'The other need was not merged after all', by: ['unadopt'] },
  NeedInspected: { description: 'The community has looked at the place', by: ['inspect'] },
  NeedClaimed: { description: 'A department has taken it on', by: ['claim'], changes: [LADDER, PROJECT] },
  ClaimReturned: { description: 'The lead has given it back (退件): it is on the list again', by: ['return'], changes: [LADDER, PROJECT] },
  NeedFunded: {
    description: 'Its money is there',
    by: ['fund'],
    changes: [LADDER, 'rules 4: `split` and `reservation`; `source` may be `rework`, and `amountFen` is 0 then', OWNERS, PROJECT],
  },
  FundingAdjusted: { description: 'The works may cost more or less than was funded', by: ['adjust-funding'], changes: [OWNERS] },
  WorksCancelled: {
    description: 'The works do not come: it is with its lead again, and the money goes back',
    by: ['cancel-works'],
    changes: [OWNERS, PROJECT],
  },
  WorksStarted: { description: 'The works have begun', by: ['start'], changes: [PROJECT] },
  ProgressReported: { description: 'The lead tells how far the works are', by: ['progress'] },
  WorksReported: {
    description: 'The lead says that the works are complete: they wait for acceptance',
    by: ['complete'],
    changes: ['`finalCostFen`'],
  },
  WorksRefused: { description: 'The works were not taken over: they go on', by: ['refuse-works'] },
  NeedDone: {
    description: 'The works were taken over (验收): both sides evaluate',
    by: ['accept'],
    changes: [LADDER, 'rules 4: `reservation` and `spentFen`', 'rules 5: `owners` and `ownersSpentFen`', PROJECT],
  },
  ResidentEvaluated: { description: 'The residents’ side has said what it thinks', by: ['evaluate'] },
  CommunityEvaluated: { description: 'The community has said what it thinks', by: ['evaluate'] },
  NeedEvaluated: {
    description: 'Both sides have evaluated',
    by: ['evaluate'],
    changes: ['`unit` and `kind`: who led, and of what kind it was', PROJECT],
  },
  NeedReopened: { description: 'It is with its lead again, since a side is not satisfied', by: ['evaluate', 'reopen'], changes: [LADDER, PROJECT] },
  NeedClosed: { description: 'It can not be opened again: nothing happens to it any more', by: ['close'] },
  WhistleBlown: { description: 'Departments are called to claim it (吹哨)', by: ['whistle', 'tick', 'report-in'] },
  NeedDispatched: { description: 'The centre has sent it to a unit, which is waited for, or to another community (派单)', by: ['dispatch'] },
  NeedCorrected: { description: 'The centre has put a mistake on record right; only what was wrong is in it', by: ['correct'] },
  UrgencyConfirmed: { description: 'An office has said whether what was called an emergency is one', by: ['confirm-urgency'] },
  ContractSigned: { description: 'One of the two parties has signed (契约)', by: ['sign'] },
  HelperJoined: { description: 'A department that the lead named has accepted to help', by: ['join'] },
  ContactShared: { description: 'The author lets a department have the contact', by: ['share-contact'] },
  UnitReportedIn: { description: 'A called unit has answered (报到): it comes, comes later or not at all', by: ['report-in'] },
  VolunteerReportedIn: { description: 'A party member or volunteer has reported in to the community', by: ['report-in'] },
  DecisionAwaited: { description: 'The owners are asked: works wait for their decision, and the clock does', by: ['await-decision'] },
  DecisionNoted: { description: 'How far the owners’ decision is that it waits for', by: ['note-decision'] },
  ProjectJoined: { description: 'It is part of a project', by: ['join-project'] },
  ProjectLeft: { description: 'It is part of that project no more', by: ['leave-project'] },
  DeadlineApproaching: { description: 'A deadline ends soon', by: ['tick'] },
  DeadlineMissed: { description: 'A deadline has passed', by: ['tick'] },
  Escalated: { description: 'A rung of the ladder was climbed: 催办, 通报 and so on', by: ['tick'] },
  ClockPaused: {
    description: 'The clock stands still: somebody is waited for',
    by: ['pause', 'await-decision', 'note-decision', 'claim', 'return', 'fund', 'cancel-works'],
  },
  ClockResumed: { description: 'The clock goes on, and the deadline has moved', by: ['resume', 'note-decision'], changes: [AGAIN] },
  ExtensionRequested: { description: 'The lead asks for more working days', by: ['request-extension'] },
  ExtensionGranted: { description: 'The centre has given them', by: ['grant'], changes: [AGAIN] },
  ExtensionDenied: { description: 'The centre has refused them', by: ['deny'] },
  DeadlineMoved: {
    description: 'A running deadline ends at another time',
    by: ['retime', 'amend', 'correct', 'confirm-urgency'],
    changes: ['`cause` may be `amended`: another urgency', AGAIN],
  },
  EvaluationLapsed: {
    description: 'A side did not evaluate in time: closed by the policy',
    by: ['tick'],
    changes: ['`satisfied`, `unit` and `kind`: as when both sides evaluate', PROJECT],
  },
};
