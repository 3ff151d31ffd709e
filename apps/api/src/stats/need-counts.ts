import type { Clock } from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel } from '@qiyue/engine-runtime';
import type { NeedStage } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { NEED_STAGES, NOT_PAUSED } from '../needs/list-query';

export interface StageCounts {
  readonly total: number;
  readonly stages: Readonly<Record<NeedStage, number>>;
}
export interface Counts extends StageCounts {
  readonly overdue: number;
  readonly communities: readonly { readonly community: string; readonly count: number }[];
  readonly units: readonly { readonly unit: string; readonly count: number }[];
}

interface Group {
  readonly _id: string | null;
  readonly count: number;
}

/** How many needs stand where, counted on the read model. */
export class NeedCounts {
  constructor(
    private readonly model: Pick<ActiveModel<NeedView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async stages(): Promise<StageCounts> {
    const groups = new Map((await this.groupBy('stage')).map(({ _id, count }) => [_id, count]));
    const stages = Object.fromEntries(NEED_STAGES.map((stage) => [stage, groups.get(stage) ?? 0])) as Record<NeedStage, number>;
    return { total: NEED_STAGES.reduce((sum, stage) => sum + stages[stage], 0), stages };
  }

  async counts(): Promise<Counts> {
    const [byStage, communities, units, overdue] = await Promise.all([
      this.stages(),
      this.groupBy('community'),
      this.groupBy('unit'),
      this.overdue(),
    ]);
    return {
      ...byStage,
      overdue,
      communities: communities.flatMap(({ _id, count }) => (_id === null ? [] : [{ community: _id, count }])),
      units: units.flatMap(({ _id, count }) => (_id === null ? [] : [{ unit: _id, count }])),
    };
  }

  private async groupBy(field: 'stage' | 'community' | 'unit'): Promise<Group[]> {
    const collection = await this.model.collection();
    return collection.aggregate<Group>([{ $group: { _id: `$view.${field}`, count: { $sum: 1 } } }, { $sort: { count: -1, _id: 1 } }]).toArray();
  }

  private async overdue(): Promise<number> {
    const collection = await this.model.collection();
    const late = { 'view.dueAt': { $ne: null, $lt: toShanghaiIso(this.clock.nowMs()) }, ...NOT_PAUSED };
    return collection.countDocuments(late as object);
  }
}
