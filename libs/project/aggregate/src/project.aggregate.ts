import {
  anyAggregate,
  NUMBER_INDEXES,
  numberKeysOf,
  overdueConditions,
  sightsByPath,
  type Aggregate,
  type CommandDefinition,
} from '@qiyue/aggregate';
import { words, yesOrNo } from '@qiyue/civic-contracts';
import { numbered } from '@qiyue/civic-views';
import { anyDecider, knownRulesOf, type RecordBody } from '@qiyue/engine';
import {
  COMMAND_SUMMARIES,
  PROJECT_EVENT_CAUSES,
  PROJECT_EVENT_TYPES,
  PROJECT_FIELDS,
  projectCommandSchemas,
  projectEventSchemas,
  PUBLIC_PROJECT_COMMANDS,
} from '@qiyue/project-contracts';
import {
  isAtEnd,
  NEED_STAGES,
  PERMISSIONS,
  PROJECT_STAGES,
  projectDecider,
  projectIdOf,
  RUNNING,
  SAYING_NOTHING_NEW,
  type Do,
  type PublicProjectCommandType,
} from '@qiyue/project-domain';
import {
  endedAtOf,
  FIELD_SIGHT,
  foldProjectView,
  projectStanding,
  READING_RULES,
  relationOf,
  toListItem,
  type ProjectView,
} from '@qiyue/project-views';
import { z } from 'zod';
import { projectCalendar } from './project.calendar';
import { projectColumns } from './project.columns';
import { projectNotices } from './project.notices';
import { PROJECT_EVENT_WORDS } from './project.event-words';
import { PROJECT_REFUSALS } from './project.refusals';
import { PROJECT_STAGE_TEXTS } from './project.stages';
import { projectItem, projectShown } from './project.shown';

/** A body for each command, as its documentation shows it. */
const EXAMPLES: { readonly [T in PublicProjectCommandType]: Do<T>['data'] } = {
  plan: { title: '泽强苑小区路灯和车棚', unit: '住建局', community: '民悦社区', startsOn: '2026-06-01', endsOn: '2026-09-30', budgetFen: 12_000_000 },
  join: {},
  'add-need': { needId: '0123456789abcdefghjkmnpqrs' },
  'add-resource': { resourceId: '0123456789abcdefghjkmnpqrs', quantity: 1, from: '2026-06-01', to: '2026-06-03' },
  start: {},
  milestone: { title: '路灯基础浇筑', note: '共20处', dueOn: '2026-07-15' },
  finish: {},
  cancel: { reason: '纳入市政统一改造' },
};

const definitionOf = (type: PublicProjectCommandType): CommandDefinition => ({
  schema: projectCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: EXAMPLES[type],
  ...(SAYING_NOTHING_NEW.some((name) => name === type) ? { maySayNothing: true as const } : {}),
});
const events = Object.fromEntries(PROJECT_EVENT_TYPES.map((type) => [type, { schema: projectEventSchemas[type], by: PROJECT_EVENT_CAUSES[type] }]));

const filters = {
  unit: words.optional().meta({ description: 'The department that leads' }),
  community: words.optional(),
  stage: z.enum(PROJECT_STAGES).optional(),
  contractId: words.optional().meta({ description: 'The contract that comes true in it' }),
  needId: words.optional().meta({ description: 'A need that it meets' }),
  overdue: yesOrNo.optional().meta({ description: 'Past a deadline of its own or of a milestone' }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;
const FIELD_OF: Readonly<Record<string, string>> = { needId: 'needs.needId' };

/** Needs, resources, a contract and money of one undertaking, that a unit leads for a community. */
export const projectAggregate: Aggregate<ProjectView> = {
  decider: anyDecider(projectDecider),
  deciderModule: { path: require.resolve('@qiyue/project-domain'), name: 'projectDecider' },
  path: 'projects',
  idName: 'projectId',
  noun: { 'zh-CN': '项目', en: 'project' },
  stages: PROJECT_STAGE_TEXTS,
  eventWords: PROJECT_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_PROJECT_COMMANDS.map((type) => [type, definitionOf(type)])),
  events,
  fields: PROJECT_FIELDS,
  goldenBeside: require.resolve('@qiyue/project-contracts'),
  refusals: PROJECT_REFUSALS,
  access: {
    commands: PERMISSIONS,
    settled: new Set(['lead', 'own-community']),
    isOwnWord: (rule, data, { unit }) => (rule === 'lead' && data['unit'] === unit) || (rule === 'own-community' && data['community'] === unit),
    relationOf,
    author: 'own',
    reading: READING_RULES,
    attaching: { department: ['own'], community: ['own'] },
    leastSightOf: sightsByPath({ document: projectShown, events, names: FIELD_SIGHT }),
    withinOf: ({ stage }) => stage,
    authorOf: () => null,
    followersOf: () => [],
    unitsOf: ({ unit, helpers }) => [unit, ...helpers],
    communitiesOf: ({ community }) => [community],
    endedAtOf,
  },
  model: {
    ...{ name: 'projects', aggregate: 'project', version: 2, rules: knownRulesOf(projectDecider) },
    fold: (view: ProjectView | null, body: RecordBody) => foldProjectView(view, body),
    keysOf: ({ projectId, createdAt }) => numberKeysOf(projectId, createdAt),
    indexes: [
      { 'view.createdAt': -1, _id: -1 },
      ...NUMBER_INDEXES,
      { 'view.unit': 1, 'view.createdAt': -1 },
      { 'view.community': 1, 'view.createdAt': -1 },
      { 'view.stage': 1, 'view.createdAt': -1 },
      { 'view.contractId': 1 },
      { 'view.needs.needId': 1 },
      { 'view.dueAt': 1 },
      { 'view.clocks.provisional': 1 },
    ],
  },
  startedBy: ['plan-item'],
  shownOf: (view, at) => ({ ...view, ...numbered(view.projectId, view.createdAt), light: projectStanding(view, at).light }),
  shown: projectShown,
  listing: {
    filters,
    conditionsOf: (query, now) => [
      ...['unit', 'community', 'stage', 'contractId', 'needId'].flatMap((name) =>
        query[name] === undefined ? [] : [{ [`view.${FIELD_OF[name] ?? name}`]: query[name] }],
      ),
      ...overdueConditions((query as Asked).overdue, now),
    ],
    textsOf: ({ title, unit, milestones }) => [title, unit, ...milestones.map((one) => one.title)],
    without: { 'view.resources': 0, 'view.needs': 0, 'view.budgetFen': 0 },
    isNumbered: true,
    columns: projectColumns,
    itemOf: toListItem,
    item: projectItem,
  },
  /** Of an item of a contract there is one, whoever plans it. */
  idOf: ({ contractId, itemId }) => (typeof contractId === 'string' && typeof itemId === 'string' ? projectIdOf({ contractId, itemId }) : undefined),
  deadlines: {
    open: { 'view.stage': { $in: RUNNING } },
    overdueBefore: (before, dueUntil) => ({
      $or: [
        {
          'view.dueAt': { $gt: '', $lt: dueUntil },
          'view.clocks': { $elemMatch: { steps: { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } } } },
        },
        {
          'view.status': 'settling',
          'view.closesAt': { $gt: '', $lt: before },
          'view.needs.stage': { $nin: NEED_STAGES.filter((stage) => !isAtEnd({ stage })) },
        },
      ],
    }),
  },
  privacy: { disputed: { 'view.stage': { $in: [] } }, ended: { 'view.status': 'ended' } },
  calendar: projectCalendar,
  notices: projectNotices,
};

export const project = anyAggregate(projectAggregate);
