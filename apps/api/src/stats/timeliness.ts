import type { Clock } from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel } from '@qiyue/engine-runtime';
import { DEADLINE_STAGES, type DeadlineStage } from '@qiyue/need-domain';
import type { NeedView, StageTimeView } from '@qiyue/need-views';
import { z } from 'zod';
import { isPaused } from '../deadlines/deadline-queries';
import { from, isInOrder, to } from '../deadlines/due-range';

const words = z.string().trim().min(1).max(200);
const GROUPS = ['unit', 'community', 'stage', 'month'] as const;

export const timelinessQuery = z
  .strictObject({
    by: z.enum(GROUPS).default('unit'),
    from: from.optional(),
    to: to.optional(),
    unit: words.optional(),
    community: words.optional(),
    stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]).optional(),
  })
  .refine(isInOrder, { path: ['to'] });
export type TimelinessQuery = z.infer<typeof timelinessQuery>;

export interface TimelinessRow {
  readonly key: string;
  readonly finished: number;
  readonly inTime: number;
  readonly late: number;
  readonly running: number;
  readonly overdue: number;
  /** Of the finished ones, 0 to 1; null when there are none. */
  readonly inTimeRate: number | null;
  /** How many stages climbed to each rung, by its level. */
  readonly escalated: Readonly<Record<string, number>>;
}
export interface Timeliness {
  readonly by: TimelinessQuery['by'];
  readonly rows: readonly TimelinessRow[];
}

export type CountedStage = StageTimeView & { readonly community: string; readonly isPaused: boolean };

/** In time or late, counted over every stage with a deadline. */
export class TimelinessQueries {
  constructor(
    private readonly model: Pick<ActiveModel<NeedView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  /** Reads what it counts need by need, so that memory stays flat however many there are. */
  async count(query: TimelinessQuery): Promise<Timeliness> {
    const tally = new Tally(query, toShanghaiIso(this.clock.nowMs()));
    const filter = { 'view.stages': { $exists: true }, ...(query.community === undefined ? {} : { 'view.community': query.community }) };
    const fields = { 'view.stages': 1, 'view.community': 1, 'view.clock': 1 };
    for await (const { view } of (await this.model.collection()).find(filter as object).project<{ readonly view: NeedView }>(fields)) {
      for (const time of view.stages) tally.add({ ...time, community: view.community, isPaused: time.endedAt === null && isPaused(view) });
    }
    return { by: query.by, rows: tally.rows() };
  }
}

/** Pure: stages in, rows out, in the order of their keys. */
export class Tally {
  private readonly counts = new Map<string, TimelinessRow>();

  constructor(
    private readonly query: TimelinessQuery,
    private readonly now: string,
  ) {}

  add(time: CountedStage): void {
    const { query } = this;
    const key = keyOf(time, query.by);
    if (key === null || time.dueAt === null) return;
    if (query.unit !== undefined && time.unit !== query.unit) return;
    if (query.stage !== undefined && time.stage !== query.stage) return;
    if ((query.from !== undefined && time.dueAt < query.from) || (query.to !== undefined && time.dueAt >= query.to)) return;
    this.counts.set(key, plus(this.counts.get(key) ?? empty(key), time, this.now));
  }

  rows(): readonly TimelinessRow[] {
    return [...this.counts.values()]
      .map((row) => ({ ...row, inTimeRate: row.finished === 0 ? null : row.inTime / row.finished }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

const empty = (key: string): TimelinessRow => ({
  ...{ key, finished: 0, inTime: 0, late: 0, running: 0, overdue: 0, inTimeRate: null },
  escalated: {},
});

const plus = (row: TimelinessRow, { endedAt, late, dueAt, escalatedTo, isPaused }: CountedStage, now: string): TimelinessRow => ({
  ...row,
  finished: row.finished + (late === null ? 0 : 1),
  inTime: row.inTime + (late === false ? 1 : 0),
  late: row.late + (late === true ? 1 : 0),
  running: row.running + (endedAt === null ? 1 : 0),
  overdue: row.overdue + (endedAt === null && !isPaused && dueAt !== null && dueAt < now ? 1 : 0),
  escalated: climbed(row.escalated, escalatedTo),
});

/** One more for each rung up to the highest. */
const climbed = (counts: TimelinessRow['escalated'], to: number): TimelinessRow['escalated'] => ({
  ...counts,
  ...Object.fromEntries(Array.from({ length: to }, (_, i) => [i + 1, (counts[i + 1] ?? 0) + 1])),
});

/** Null where the group has no name: nobody by name is waited for on the list and at the evaluation. */
const keyOf = ({ unit, community, stage, dueAt }: CountedStage, by: TimelinessQuery['by']): string | null => {
  if (by === 'month') return dueAt === null ? null : dueAt.slice(0, 7);
  return { unit, community, stage }[by];
};
