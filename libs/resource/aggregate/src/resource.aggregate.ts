import { anyAggregate, NUMBER_INDEXES, numberKeysOf, sightsByPath, type Aggregate, type CommandDefinition } from '@qiyue/aggregate';
import { words } from '@qiyue/civic-contracts';
import { numbered } from '@qiyue/civic-views';
import { anyDecider, knownRulesOf, type RecordBody } from '@qiyue/engine';
import {
  COMMAND_SUMMARIES,
  PUBLIC_RESOURCE_COMMANDS,
  RESOURCE_EVENT_CAUSES,
  RESOURCE_EVENT_TYPES,
  RESOURCE_FIELDS,
  resourceCommandSchemas,
  resourceEventSchemas,
} from '@qiyue/resource-contracts';
import {
  PERMISSIONS,
  RESOURCE_KINDS,
  RESOURCE_STAGES,
  resourceDecider,
  SAYING_NOTHING_NEW,
  type Do,
  type PublicResourceCommandType,
} from '@qiyue/resource-domain';
import { endedAtOf, FIELD_SIGHT, foldResourceView, READING_RULES, relationOf, toListItem, type ResourceView } from '@qiyue/resource-views';
import { z } from 'zod';
import { resourceColumns } from './resource.columns';
import { resourceNotices } from './resource.notices';
import { RESOURCE_EVENT_WORDS } from './resource.event-words';
import { RESOURCE_REFUSALS } from './resource.refusals';
import { RESOURCE_STAGE_TEXTS } from './resource.stages';
import { resourceItem, resourceShown } from './resource.shown';

/** A body for each command, as its documentation shows it. */
const EXAMPLES: { readonly [T in PublicResourceCommandType]: Do<T>['data'] } = {
  offer: {
    ...{ kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台', from: '2026-03-01', to: '2026-11-30' },
    ...{ community: '民悦社区', conditions: '提前三天预约，由本单位驾驶员操作', skills: ['路灯检修'] },
  },
  change: { quantity: 3 },
  withdraw: { reason: '车辆送修' },
  reserve: { quantity: 1, from: '2026-06-01', to: '2026-06-03' },
  use: { reservationId: '0123456789abcdefghjkmnpqrs' },
  free: { reservationId: '0123456789abcdefghjkmnpqrs', reason: '工程改期' },
};

const definitionOf = (type: PublicResourceCommandType): CommandDefinition => ({
  schema: resourceCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: EXAMPLES[type],
  ...(SAYING_NOTHING_NEW.some((name) => name === type) ? { maySayNothing: true as const } : {}),
});
const events = Object.fromEntries(
  RESOURCE_EVENT_TYPES.map((type) => [type, { schema: resourceEventSchemas[type], by: RESOURCE_EVENT_CAUSES[type] }]),
);

const filters = {
  kind: z.enum(RESOURCE_KINDS).optional(),
  giver: words.optional().meta({ description: 'The department or community that gives it' }),
  community: words.optional().meta({ description: 'Where it can be had; what can be had in the whole county is not among them' }),
  skill: words.optional().meta({ description: 'What they can do' }),
  stage: z.enum(RESOURCE_STAGES).optional(),
};
const FIELD_OF: Readonly<Record<string, string>> = { skill: 'skills' };

/** What a unit can give, and to whom it is promised when. */
export const resourceAggregate: Aggregate<ResourceView> = {
  decider: anyDecider(resourceDecider),
  deciderModule: { path: require.resolve('@qiyue/resource-domain'), name: 'resourceDecider' },
  path: 'resources',
  idName: 'resourceId',
  noun: { 'zh-CN': '资源', en: 'resource' },
  stages: RESOURCE_STAGE_TEXTS,
  eventWords: RESOURCE_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_RESOURCE_COMMANDS.map((type) => [type, definitionOf(type)])),
  events,
  fields: RESOURCE_FIELDS,
  goldenBeside: require.resolve('@qiyue/resource-contracts'),
  refusals: RESOURCE_REFUSALS,
  access: {
    commands: PERMISSIONS,
    settled: new Set(['giver']),
    relationOf,
    author: 'own',
    reading: READING_RULES,
    attaching: {},
    leastSightOf: sightsByPath({ document: resourceShown, events, names: FIELD_SIGHT }),
    withinOf: ({ stage }) => stage,
    authorOf: () => null,
    followersOf: () => [],
    unitsOf: ({ giver, giverRole, reservations }) => [
      ...new Set([
        ...(giverRole === 'department' ? [giver] : []),
        ...reservations.flatMap(({ reservedBy }) => (reservedBy === null ? [] : [reservedBy])),
      ]),
    ],
    communitiesOf: ({ giver, giverRole, community }) => [
      ...new Set([...(giverRole === 'community' ? [giver] : []), ...(community === null ? [] : [community])]),
    ],
    endedAtOf,
  },
  model: {
    ...{ name: 'resources', aggregate: 'resource', version: 2, rules: knownRulesOf(resourceDecider) },
    fold: (view: ResourceView | null, body: RecordBody) => foldResourceView(view, body),
    keysOf: ({ resourceId, createdAt }) => numberKeysOf(resourceId, createdAt),
    indexes: [
      { 'view.createdAt': -1, _id: -1 },
      ...NUMBER_INDEXES,
      { 'view.kind': 1, 'view.createdAt': -1 },
      { 'view.giver': 1, 'view.createdAt': -1 },
      { 'view.community': 1, 'view.createdAt': -1 },
      { 'view.skills': 1, 'view.createdAt': -1 },
    ],
  },
  shownOf: (view) => ({ ...view, ...numbered(view.resourceId, view.createdAt) }),
  shown: resourceShown,
  listing: {
    filters,
    conditionsOf: (query) =>
      Object.keys(filters).flatMap((name) => (query[name] === undefined ? [] : [{ [`view.${FIELD_OF[name] ?? name}`]: query[name] }])),
    textsOf: ({ name, giver, conditions, skills }) => [name, giver, conditions, ...skills],
    without: { 'view.reservations': 0, 'view.contact': 0 },
    isNumbered: true,
    columns: resourceColumns,
    itemOf: toListItem,
    item: resourceItem,
  },
  privacy: { disputed: { 'view.stage': { $in: [] } }, ended: { 'view.status': 'ended' } },
  notices: resourceNotices,
};

export const resource = anyAggregate(resourceAggregate);
