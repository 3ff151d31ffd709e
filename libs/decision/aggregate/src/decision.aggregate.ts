import { anyDecider } from '@qiyue/engine';
import { anyAggregate, anyQuery, type Aggregate, type CommandDefinition } from '@qiyue/aggregate';
import { lightOf, numbered } from '@qiyue/civic-views';
import {
  COMMAND_SUMMARIES,
  DECISION_EVENT_CAUSES,
  DECISION_EVENT_TYPES,
  DECISION_FIELDS,
  decisionCommandSchemas,
  decisionEventSchemas,
  PUBLIC_DECISION_COMMANDS,
} from '@qiyue/decision-contracts';
import { decisionDecider, OVER_STAGES, type PublicDecisionCommandType } from '@qiyue/decision-domain';
import type { DecisionView } from '@qiyue/decision-views';
import { COUNT_BALLOTS, countReaction } from './count.reaction';
import { decisionAccess } from './decision.access';
import { decisionCalendar } from './decision.calendar';
import { DECISION_EVENT_WORDS } from './decision.event-words';
import { COMMAND_EXAMPLES } from './decision.examples';
import { decisionListing } from './decision.listing';
import { DECISION_REFUSALS } from './decision.refusals';
import { DECISION_STAGE_TEXTS } from './decision.stages';
import { decisionShown } from './decision.shown';
import { decisionsModel } from './decisions-model';
import { decisionNotices } from './notices/decision.notices';
import { noticePaper } from './papers/notice.paper';
import { parts } from './queries/parts';

const definitionOf = (type: PublicDecisionCommandType): CommandDefinition => ({
  schema: decisionCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: COMMAND_EXAMPLES[type],
  ...(type === 'close-ballot' ? { answeredBehind: COUNT_BALLOTS } : {}),
});

/** What owners decide together about what they share. */
export const decisionAggregate: Aggregate<DecisionView> = {
  decider: anyDecider(decisionDecider),
  deciderModule: { path: require.resolve('@qiyue/decision-domain'), name: 'decisionDecider' },
  path: 'decisions',
  idName: 'decisionId',
  noun: { 'zh-CN': '业主共同决定', en: "owners' decision" },
  stages: DECISION_STAGE_TEXTS,
  eventWords: DECISION_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_DECISION_COMMANDS.map((type) => [type, definitionOf(type)])),
  events: Object.fromEntries(DECISION_EVENT_TYPES.map((type) => [type, { schema: decisionEventSchemas[type], ...DECISION_EVENT_CAUSES[type] }])),
  fields: DECISION_FIELDS,
  goldenBeside: require.resolve('@qiyue/decision-contracts'),
  refusals: DECISION_REFUSALS,
  access: decisionAccess,
  model: decisionsModel,
  /** `ownBallot` is the reader's, and comes with what they are shown: see `ownPartOf`. */
  shownOf: (view, at) => ({ ownBallot: null, ...view, ...numbered(view.decisionId, view.createdAt), light: lightOf(view, at) }),
  shown: decisionShown,
  listing: decisionListing,
  papers: { notice: noticePaper },
  queries: [anyQuery(parts)],
  deadlines: {
    open: { 'view.clock': { $ne: null } },
    overdueBefore: (before, dueUntil) => ({
      $or: [
        { 'view.dueAt': { $gt: '', $lt: dueUntil }, 'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } } },
        { 'view.stage': 'voting', 'view.ballot.closesAt': { $lt: before } },
        { 'view.stage': 'counting', 'view.ballot.closedAt': { $lt: before } },
        { 'view.stage': { $in: ['noticing', 'emergency'] }, 'view.notice.endedAt': null, 'view.notice.endsAt': { $gt: '', $lt: before } },
        { 'view.stage': 'warranty', 'view.warranty.endsAt': { $lt: before } },
      ],
    }),
  },
  privacy: { disputed: { 'view.challenges': { $elemMatch: { settled: null } } }, ended: { 'view.status': { $in: OVER_STAGES } } },
  reactions: [countReaction],
  calendar: decisionCalendar,
  notices: decisionNotices,
};

export const decision = anyAggregate(decisionAggregate);
