import type { AggregateQuery, QueryPorts } from '@qiyue/aggregate';
import { NEED_STAGES } from '@qiyue/need-contracts';
import type { NeedStage } from '@qiyue/need-domain';
import { z } from 'zod';
import { NOT_PAUSED } from '../need.listing';
import { needsModel } from '../needs-model';

interface Group {
  readonly _id: string | null;
  readonly count: number;
}

const nothing = z.strictObject({});
const stageCounts = { total: z.int(), stages: z.record(z.enum(NEED_STAGES), z.int()) };
const stagesAnswer = z.object(stageCounts);
const countsAnswer = z.object({
  ...stageCounts,
  overdue: z.int(),
  communities: z.array(z.object({ community: z.string(), count: z.int() })).readonly(),
  units: z.array(z.object({ unit: z.string(), count: z.int() })).readonly(),
});
export type StageCounts = z.infer<typeof stagesAnswer>;
export type Counts = z.infer<typeof countsAnswer>;
type Ports = QueryPorts;

const groupBy = async (field: 'stage' | 'community' | 'unit', { model }: Ports): Promise<Group[]> => {
  const collection = await model(needsModel).collection();
  return collection.aggregate<Group>([{ $group: { _id: `$view.${field}`, count: { $sum: 1 } } }, { $sort: { count: -1, _id: 1 } }]).toArray();
};

const countStages = async (ports: Ports): Promise<StageCounts> => {
  const groups = new Map((await groupBy('stage', ports)).map(({ _id, count }) => [_id, count]));
  const stages = Object.fromEntries(NEED_STAGES.map((stage) => [stage, groups.get(stage) ?? 0])) as Record<NeedStage, number>;
  return { total: NEED_STAGES.reduce((sum, stage) => sum + stages[stage], 0), stages };
};

const countOverdue = async ({ model, now }: Ports): Promise<number> => {
  const late = { 'view.dueAt': { $ne: null, $lt: now }, ...NOT_PAUSED };
  return (await model(needsModel).collection()).countDocuments(late as object);
};

export const stages: AggregateQuery<object, StageCounts> = {
  path: 'stats/stages',
  title: { 'zh-CN': '各阶段的需求数', en: 'Needs per stage' },
  summary: 'Needs per stage',
  parameters: nothing,
  answer: stagesAnswer,
  looksAtAll: true,
  read: (_, ports) => countStages(ports),
};

export const counts: AggregateQuery<object, Counts> = {
  path: 'stats/counts',
  title: { 'zh-CN': '各阶段、社区、单位的需求数', en: 'Needs per stage, community and unit' },
  summary: 'Needs per stage, community and unit',
  parameters: nothing,
  answer: countsAnswer,
  looksAtAll: true,
  read: async (_, ports) => {
    const [byStage, communities, units, overdue] = await Promise.all([
      countStages(ports),
      groupBy('community', ports),
      groupBy('unit', ports),
      countOverdue(ports),
    ]);
    return {
      ...byStage,
      overdue,
      communities: communities.flatMap(({ _id, count }) => (_id === null ? [] : [{ community: _id, count }])),
      units: units.flatMap(({ _id, count }) => (_id === null ? [] : [{ unit: _id, count }])),
    };
  },
};
