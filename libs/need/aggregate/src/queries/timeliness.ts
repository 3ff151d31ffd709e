import type { AggregateQuery } from '@qiyue/aggregate';
import { fromDay, isInOrder, toDay, words } from '@qiyue/civic-contracts';
import { DEADLINE_STAGES, type DeadlineStage } from '@qiyue/civic-domain';
import type { StageTimeView } from '@qiyue/civic-views';
import type { NeedView } from '@qiyue/need-views';
import { z } from 'zod';
import { needsModel } from '../needs-model';
import { isPaused } from './deadlines';

const GROUPS = ['unit', 'community', 'stage', 'month'] as const;

export const timelinessQuery = z
  .strictObject({
    by: z.enum(GROUPS).default('unit'),
    from: fromDay.optional().meta({ description: 'Due from then on: a day (YYYY-MM-DD, Shanghai) or an instant (ISO 8601 with offset)' }),
    to: toDay.optional().meta({ description: 'Due before the end of it: a day or an instant' }),
    unit: words.optional(),
    community: words.optional(),
    stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]).optional(),
  })
  .refine(isInOrder, { path: ['to'] });
export type TimelinessQuery = z.infer<typeof timelinessQuery>;

const count = z.int().min(0);
const timelinessAnswer = z.object({
  by: z.enum(GROUPS),
  rows: z
    .array(
      z.object({
        key: z.string(),
        finished: count,
        inTime: count,
        late: count,
        running: count,
        overdue: count,
        inTimeRate: z.number().min(0).max(1).nullable().meta({ description: 'Of the finished ones; null when there are none' }),
        escalated: z.record(z.string(), z.int()).meta({ description: 'How many stages climbed to each rung, by its level' }),
      }),
    )
    .readonly(),
});
export type Timeliness = z.infer<typeof timelinessAnswer>;
export type TimelinessRow = Timeliness['rows'][number];

export type CountedStage = StageTimeView & { readonly community: string; readonly isPaused: boolean };

/** In time or late, counted over every stage with a deadline. Reads what it counts need by need, so that memory stays flat however many there are. */
export const timeliness: AggregateQuery<TimelinessQuery, Timeliness> = {
  path: 'stats/timeliness',
  summary: 'In time or late, by unit, community, stage or month',
  description:
    'Counted over stages with a deadline, of needs in any stage. In time: ended at or before the deadline as it stood at the end, pauses, extensions and corrections included. Stages without a date are left out. The month is that of the deadline, in Shanghai.',
  parameters: timelinessQuery,
  answer: timelinessAnswer,
  looksAtAll: true,
  read: async (query, { now, model }) => {
    const tally = new Tally(query, now);
    const filter = { 'view.stages': { $exists: true }, ...(query.community === undefined ? {} : { 'view.community': query.community }) };
    const fields = { 'view.stages': 1, 'view.community': 1, 'view.clock': 1 };
    for await (const { view } of (await model(needsModel).collection()).find(filter as object).project<{ readonly view: NeedView }>(fields)) {
      for (const time of view.stages) tally.add({ ...time, community: view.community, isPaused: time.endedAt === null && isPaused(view) });
    }
    return { by: query.by, rows: tally.rows() };
  },
};

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
