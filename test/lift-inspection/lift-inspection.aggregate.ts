import { anyAggregate, sightsByPath, type Aggregate } from '@qiyue/aggregate';
import { clockShown, lightShown, words } from '@qiyue/civic-contracts';
import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type Language, type RefusalInfos } from '@qiyue/civic-domain';
import { CLOCK_NAMES, lightOf, named, type SightRules } from '@qiyue/civic-views';
import { actor, dateInWords, namedBy, post, type NoticeRules, type Recipient } from '@qiyue/notices';
import { anyDecider, eventOf } from '@qiyue/engine';
import { z } from 'zod';
import { commandSchemas, eventSchemas } from './lift-inspection.contracts';
import { liftInspectionDecider, PERMISSIONS, STAGES, type LiftEvent, type LiftRefusal } from './lift-inspection.domain';
import { foldLift, type LiftView } from './lift-inspection.views';

const refusals: RefusalInfos<Exclude<LiftRefusal, CommonRefusal>> = {
  'nothing-to-repair': { status: 409, texts: { 'zh-CN': '该电梯检验合格，无需维修。', en: 'The lift has passed: there is nothing to repair.' } },
  'not-safe': { status: 409, texts: { 'zh-CN': '该电梯检验不合格，尚未维修。', en: 'The lift has failed and has not been repaired.' } },
};

const maybe = z.string().nullable();
const item = z.object({
  liftInspectionId: z.string(),
  seq: z.int().min(1),
  stage: z.enum(STAGES),
  lift: z.string(),
  unit: z.string(),
  passed: z.boolean().nullable(),
  dueAt: maybe,
  light: lightShown,
  createdAt: z.string(),
});
const shown = item.extend({
  phone: maybe,
  note: maybe,
  author: z.object({ id: z.string(), role: z.string(), unit: maybe }),
  clock: clockShown(z.literal('scheduled')).nullable(),
  updatedAt: z.string(),
  hash: z.string(),
});
const lightAt = (view: LiftView, now: string) => lightOf({ ...view, stages: [] }, now);

type Relation = 'author' | 'own-unit' | 'other';
const everybody: SightRules<Relation> = { author: 'contact', 'own-unit': 'contact', other: 'public' };
const office: SightRules<Relation> = { other: 'contact' };

const told: Readonly<Record<string, (view: LiftView, level: number) => readonly Recipient[]>> = {
  InspectionScheduled: ({ unit }) => [post('department', unit)],
  LiftInspected: ({ author }) => [actor(author.id)],
  DeadlineApproaching: ({ unit }) => [post('department', unit)],
  DeadlineMissed: ({ unit }) => [post('department', unit), post('centre', null)],
  Escalated: ({ unit }, level) => (level === 1 ? [post('department', unit), post('centre', null)] : [post('supervisor', null)]),
};
const happened: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  InspectionScheduled: { 'zh-CN': '待检验', en: 'to be inspected' },
  LiftInspected: { 'zh-CN': '已检验', en: 'inspected' },
  DeadlineApproaching: { 'zh-CN': '检验临期', en: 'inspection due soon' },
  DeadlineMissed: { 'zh-CN': '检验逾期', en: 'inspection overdue' },
  Escalated: { 'zh-CN': '逾期未检，升级督办', en: 'still not inspected' },
};
const notices: NoticeRules<LiftView> = {
  types: Object.keys(told),
  eventOf: (record) => eventOf(record),
  recipientsOf: ({ event, after }) => told[event.type]?.(after, (event as Extract<LiftEvent, { type: 'Escalated' }>).data.level) ?? [],
  wordsFor: ({ event, after }, language) => ({
    subject: `${after.lift} ${happened[event.type]?.[language]}`,
    text: `${after.lift} ${happened[event.type]?.[language]} ${dateInWords(after.dueAt, language)}`,
  }),
  isUrgent: ({ event }) => event.type === 'Escalated',
  leadOf: ({ unit }) => unit,
  authorOf: ({ author }) => author,
  policyOf: ({ clock }) => clock?.policy ?? null,
  sealedPersonsOf: ({ actor: by }, { author }) => [by.person, author.person].filter((sealed) => sealed !== undefined),
  withPersons: (view, known) => ({ ...view, author: namedBy(view.author, known) }),
};

const definition: Aggregate<LiftView> = {
  decider: anyDecider(liftInspectionDecider),
  deciderModule: { path: require.resolve('./lift-inspection.domain'), name: 'liftInspectionDecider' },
  path: 'lift-inspections',
  idName: 'liftInspectionId',
  noun: { 'zh-CN': '电梯检验', en: 'inspection of a lift' },
  commands: {
    schedule: {
      schema: commandSchemas.schedule,
      summary: { 'zh-CN': '报检电梯', en: 'have a lift inspected' },
      example: { lift: '1号楼1梯', unit: '市监局', phone: '13912345678' },
    },
    inspect: {
      schema: commandSchemas.inspect,
      summary: { 'zh-CN': '已检验', en: 'it was inspected' },
      example: { passed: false, note: '限速器失效' },
    },
    repair: {
      schema: commandSchemas.repair,
      summary: { 'zh-CN': '不合格处已维修', en: 'what failed was repaired' },
      example: { note: '已更换限速器' },
    },
    close: { schema: commandSchemas.close, summary: { 'zh-CN': '电梯可以运行', en: 'the lift may run' }, example: {} },
  },
  events: Object.fromEntries(Object.entries(eventSchemas).map(([type, schema]) => [type, { schema }])),
  refusals: { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...refusals },
  access: {
    commands: PERMISSIONS,
    settled: new Set(['author', 'own-unit']),
    relationOf: ({ id, alias, unit }, view): Relation => {
      if ([id, alias].includes(view.author.id)) return 'author';
      return unit === view.unit ? 'own-unit' : 'other';
    },
    author: 'author',
    reading: {
      ...{ resident: everybody, property: everybody, grid: everybody, community: everybody, department: everybody },
      ...{ operator: everybody, service: everybody, centre: office, authority: office, supervisor: office },
    },
    attaching: { property: ['author'], department: ['own-unit'] },
    leastSightOf: sightsByPath({
      document: shown,
      beside: ['author.person'],
      events: Object.fromEntries(Object.entries(eventSchemas).map(([type, schema]) => [type, { schema }])),
      names: {
        ...named('public', [...CLOCK_NAMES, ...Object.keys(item.shape), 'updatedAt', 'hash', 'author', 'id', 'role']),
        ...named('personal', ['note']),
        ...named('contact', ['phone', 'person']),
      },
    }),
    withinOf: ({ stage }) => stage,
    authorOf: ({ author }) => author,
    followersOf: () => [],
    unitsOf: ({ unit }) => [unit],
    communitiesOf: () => [],
    endedAtOf: ({ stage, updatedAt }) => (stage === 'closed' ? updatedAt : null),
  },
  model: {
    ...{ name: 'lift-inspections', aggregate: 'lift-inspection', version: 1, fold: foldLift },
    indexes: [{ 'view.createdAt': -1, _id: -1 }, { 'view.stage': 1, 'view.createdAt': -1 }, { 'view.dueAt': 1 }],
  },
  searchAttributes: { LiftInspectionStage: 'Keyword' },
  shownOf: (view, at) => ({ ...view, light: lightAt(view, at) }),
  shown,
  listing: {
    filters: { stage: z.enum(STAGES).optional(), unit: words.optional() },
    conditionsOf: (query) => ['stage', 'unit'].flatMap((field) => (query[field] === undefined ? [] : [{ [`view.${field}`]: query[field] }])),
    textsOf: ({ lift }) => [lift],
    itemOf: (view, now) => {
      const { liftInspectionId, seq, stage, lift, unit, passed, dueAt, createdAt } = view;
      return { liftInspectionId, seq, stage, lift, unit, passed, dueAt, light: lightAt(view, now), createdAt };
    },
    item,
  },
  deadlines: {
    open: { 'view.stage': 'scheduled' },
    overdueBefore: (before, dueUntil) => ({
      'view.dueAt': { $gt: '', $lt: dueUntil },
      'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } },
    }),
  },
  privacy: { disputed: { 'view.passed': false, 'view.stage': 'inspected' }, ended: { 'view.stage': 'closed' } },
  notices,
};

export const aggregate = anyAggregate(definition);
