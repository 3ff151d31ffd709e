import { anyDecider } from '@qiyue/engine';
import { anyAggregate, anyQuery, anySagaDefinition, type Aggregate, type CommandDefinition } from '@qiyue/aggregate';
import { lightOf } from '@qiyue/civic-views';
import {
  COMMAND_SUMMARIES,
  NEED_EVENT_TEXTS,
  NEED_EVENT_TYPES,
  NEED_FIELDS,
  needCommandSchemas,
  needEventSchemas,
  PUBLIC_NEED_COMMANDS,
} from '@qiyue/need-contracts';
import { COMMAND_SINCE, needDecider, type PublicNeedCommandType } from '@qiyue/need-domain';
import { derivedOf, type NeedView } from '@qiyue/need-views';
import { needFigures } from './figures/need-figures';
import { needAccess } from './need.access';
import { NEED_EVENT_WORDS } from './need.event-words';
import { COMMAND_EXAMPLES } from './need.examples';
import { needListing } from './need.listing';
import { merge } from './need.merge';
import { NEED_REFUSALS } from './need.refusals';
import { needPage } from './need.page';
import { NEED_STAGE_TEXTS } from './need.stages';
import { needShown } from './need.shown';
import { needsModel } from './needs-model';
import { newNeeds } from './notices/new-needs';
import { needNotices } from './notices/need.notices';
import { needQuestions } from './questions/need.questions';
import { acceptancePaper } from './papers/acceptance.paper';
import { counts, stages } from './queries/counts';
import { deadlineCalendar } from './queries/deadline-calendar';
import { deadlineFeed, deadlines } from './queries/deadlines';
import { durations } from './queries/durations';
import { threeRates } from './queries/rates';
import { timeliness } from './queries/timeliness';
import { DEADLINE_STAGES } from '@qiyue/civic-domain';
import { unitRecords } from './unit-records';

const definitionOf = (type: PublicNeedCommandType): CommandDefinition => ({
  schema: needCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: COMMAND_EXAMPLES[type],
  ...(COMMAND_SINCE[type] === undefined ? {} : { since: COMMAND_SINCE[type] }),
});

/** While a read model of before is made anew, its documents lack what came since. */
const SINCE: Pick<
  NeedView,
  'exactLocation' | 'joined' | 'contactSharedWith' | 'volunteers' | 'decision' | 'projectId' | 'urgencyConfirmed' | 'photos'
> = {
  ...{ exactLocation: null, joined: [], contactSharedWith: [] },
  ...{ volunteers: [], decision: null, projectId: null, urgencyConfirmed: null, photos: [] },
};

/** A community's need, from its submission to its end. */
export const needAggregate: Aggregate<NeedView> = {
  decider: anyDecider(needDecider),
  deciderModule: { path: require.resolve('@qiyue/need-domain'), name: 'needDecider' },
  path: 'needs',
  idName: 'needId',
  noun: { 'zh-CN': '需求', en: 'need' },
  stages: NEED_STAGE_TEXTS,
  eventWords: NEED_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_NEED_COMMANDS.map((type) => [type, definitionOf(type)])),
  events: Object.fromEntries(NEED_EVENT_TYPES.map((type) => [type, { schema: needEventSchemas[type], ...NEED_EVENT_TEXTS[type] }])),
  fields: NEED_FIELDS,
  goldenBeside: require.resolve('@qiyue/need-contracts'),
  refusals: NEED_REFUSALS,
  access: needAccess,
  model: needsModel,
  keyedModels: [unitRecords, needFigures],
  searchAttributes: { NeedStage: 'Keyword', NeedUnit: 'Keyword', NeedCommunity: 'Keyword', NeedDueAt: 'Datetime' },
  upgrade: (view) => ({ ...SINCE, ...view }),
  shownOf: (view, at) => ({ ...view, ...derivedOf(view), light: lightOf(view, at) }),
  shown: needShown,
  listing: needListing,
  papers: { acceptance: acceptancePaper },
  queries: [
    anyQuery(timeliness),
    anyQuery(threeRates),
    anyQuery(durations),
    anyQuery(stages),
    anyQuery(counts),
    anyQuery(deadlines),
    anyQuery(deadlineFeed),
  ],
  questions: needQuestions(() => Promise.resolve([])),
  deadlines: {
    open: { 'view.stage': { $in: DEADLINE_STAGES } },
    overdueBefore: (before, dueUntil) => ({
      $or: [
        {
          'view.dueAt': { $gt: '', $lt: dueUntil },
          'view.clock.paused': null,
          'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } },
        },
        { 'view.stage': 'submitted', 'view.whistle.answerBy': { $gt: '', $lt: before } },
      ],
    }),
  },
  privacy: {
    // Works that were refused, and needs that came back from an evaluation, until they are settled or end.
    disputed: {
      $or: [
        { 'view.status': { $in: ['reworking', 'reopened'] } },
        { 'view.round': { $gt: 1 }, 'view.stage': { $in: ['claimed', 'funded', 'done'] } },
      ],
    },
    ended: { 'view.status': { $in: ['ended', 'closed'] } },
  },
  sagas: [anySagaDefinition(merge)],
  publicPage: needPage,
  calendar: deadlineCalendar,
  daily: newNeeds,
  notices: needNotices,
};

export const need = anyAggregate(needAggregate);
