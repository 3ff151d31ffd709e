import { CSV, csvForm, percentOf, wordSheet, type AggregateQuery, type Sheet, type WordColumn } from '@qiyue/aggregate';
import { fromDay, isInOrder, rangeOrder, toDay, words } from '@qiyue/civic-contracts';
import { DEADLINE_STAGES, type DeadlineStage, type Language } from '@qiyue/civic-domain';
import { z } from 'zod';
import { keyColumn } from '../figures/figure-words';
import { countShown, factsFor, groupOf, isAskedFor, rateOf, rateShown } from '../figures/figures-query';
import type { NeedFact, StageFact } from '../figures/need-figures';

const GROUPS = ['unit', 'community', 'stage', 'month'] as const;

export const timelinessQuery = z
  .strictObject({
    by: z.enum(GROUPS).default('unit'),
    from: fromDay.optional().meta({ description: 'What happened from then on: a day (YYYY-MM-DD, Shanghai) or an instant (ISO 8601 with offset)' }),
    to: toDay.optional().meta({ description: 'What happened before the end of it: a day or an instant' }),
    unit: words.optional(),
    community: words.optional(),
    stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]).optional(),
  })
  .refine(isInOrder, rangeOrder);
export type TimelinessQuery = z.infer<typeof timelinessQuery>;

const needsCounted = z.object({
  done: countShown('Accepted, and not reopened since'),
  inTime: countShown('Of these, claimed, funded and done each within its deadline, in every round since it came onto the list'),
  late: countShown('Done, but not so; or not done yet, and late in one of these'),
  inTimeRate: rateShown('inTime / (inTime + late)'),
});
const timelinessRow = z.object({
  key: z.string(),
  finished: countShown('Stages that have ended'),
  inTime: countShown('Of these, at or before the deadline as it stood at the end, and never missed'),
  late: countShown('Missed once, ended behind it, or late now'),
  running: countShown('Stages that have not ended'),
  overdue: countShown('Of these, behind the deadline now'),
  inTimeRate: rateShown('inTime / (inTime + late): what is late now counts as late'),
  escalated: z.record(z.string(), z.int()).meta({ description: 'How many stages climbed to each rung, by its level' }),
  needs: needsCounted.nullable().meta({ description: 'The same of whole needs; null where stages are told apart' }),
});
const timelinessAnswer = z.object({ by: z.enum(GROUPS), rows: z.array(timelinessRow).readonly() });
export type Timeliness = z.infer<typeof timelinessAnswer>;
export type TimelinessRow = Timeliness['rows'][number];

/** In time or late, of every stage with a deadline and of every need. */
export const timeliness: AggregateQuery<TimelinessQuery, Timeliness> = {
  path: 'stats/timeliness',
  title: { 'zh-CN': '办理时效：按时与逾期', en: 'In time or late' },
  verb: 'timeliness',
  summary: 'In time or late, stages and needs, by unit, community, stage or month',
  description:
    'A stage is in time that ended at or before the deadline as it stood at the end, pauses, extensions and corrections included; one that runs behind its deadline is late now, and counts as late. What was missed once counts as late, wherever the deadline was moved since. The month is that in which it ended, or in which the deadline was missed first of what runs; what runs and was not late has none, and stands in no answer that asks for a time. A stage without a date, and one that was broken off because the need was withdrawn, rejected or merged, is left out. A need counts for its lead.',
  parameters: timelinessQuery,
  answer: timelinessAnswer,
  forms: { [CSV]: csvForm(timelinessSheet) },
  sheets: (answer, language) => [timelinessSheet(answer, language)],
  looksAtAll: true,
  read: async (query, ports) => {
    const tally = new Tally(query, ports.now);
    for await (const fact of factsFor<StageFact | NeedFact>(['stage', 'need'], {}, ports, query)) tally.add(fact);
    return { by: query.by, rows: tally.rows() };
  },
};

/** Pure: facts in, rows out, in the order of their keys. */
export class Tally {
  private readonly counts = new Map<string, TimelinessRow>();

  constructor(
    private readonly query: TimelinessQuery,
    private readonly now: string,
  ) {}

  add(fact: StageFact | NeedFact): void {
    const isOverdue = fact.state === 'running' && fact.due !== '' && fact.due < this.now;
    const key = this.keyOf(fact, isOverdue);
    if (key === null || !this.isAsked(fact, isOverdue)) return;
    const row = this.counts.get(key) ?? emptyRow(key, this.needsAreTold);
    this.counts.set(key, fact.of === 'stage' ? withStage(row, fact, isOverdue) : withNeed(row, fact, isOverdue));
  }

  rows(): readonly TimelinessRow[] {
    return [...this.counts.values()].map(withRates).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private get needsAreTold(): boolean {
    return this.query.by !== 'stage' && this.query.stage === undefined;
  }

  private isAsked(fact: StageFact | NeedFact, isOverdue: boolean): boolean {
    const { unit, community, stage, from, to } = this.query;
    if (!isAskedFor(fact, { community }) || (unit !== undefined && unitOf(fact) !== unit)) return false;
    if (fact.of === 'need' ? !this.needsAreTold || !isCounted(fact, isOverdue) : fact.dated === 0 || (stage ?? fact.stage) !== fact.stage)
      return false;
    if (from === undefined && to === undefined) return true;
    return hasHappened(fact, isOverdue) && (from === undefined || fact.at >= from) && (to === undefined || fact.at < to);
  }

  /** Null where the group has no name: nobody by name is waited for on the list and at the evaluation, and what is not late yet has no month. */
  private keyOf(fact: StageFact | NeedFact, isOverdue: boolean): string | null {
    const { by } = this.query;
    if (by === 'unit') return unitOf(fact) || null;
    if (by === 'stage') return fact.of === 'stage' ? fact.stage : null;
    return by === 'month' && !hasHappened(fact, isOverdue) ? null : groupOf(fact, by);
  }
}

const unitOf = (fact: StageFact | NeedFact): string => (fact.of === 'stage' ? fact.unit : fact.lead);
const hasEnded = ({ state }: StageFact | NeedFact): boolean => state !== 'running' && state !== 'paused';
const isCounted = (need: NeedFact, isOverdue: boolean): boolean => hasEnded(need) || need.late === 1 || isOverdue;
const hasHappened = (fact: StageFact | NeedFact, isOverdue: boolean): boolean => hasEnded(fact) || isOverdue || fact.late === 1;

const emptyRow = (key: string, needsAreTold: boolean): TimelinessRow => ({
  ...{ key, finished: 0, inTime: 0, late: 0, running: 0, overdue: 0, inTimeRate: null, escalated: {} },
  needs: needsAreTold ? { done: 0, inTime: 0, late: 0, inTimeRate: null } : null,
});

const withStage = (row: TimelinessRow, stage: StageFact, isOverdue: boolean): TimelinessRow => {
  const ended = hasEnded(stage);
  return {
    ...row,
    finished: row.finished + Number(ended),
    inTime: row.inTime + Number(ended && stage.late === 0),
    late: row.late + Number(isOverdue || stage.late === 1),
    running: row.running + Number(!ended),
    overdue: row.overdue + Number(isOverdue),
    escalated: climbed(row.escalated, stage.escalatedTo),
  };
};

const withNeed = (row: TimelinessRow, need: NeedFact, isOverdue: boolean): TimelinessRow => {
  const isLate = need.late === 1 || isOverdue;
  const { done, inTime, late, inTimeRate } = row.needs ?? { done: 0, inTime: 0, late: 0, inTimeRate: null };
  return { ...row, needs: { done: done + Number(hasEnded(need)), inTime: inTime + Number(!isLate), late: late + Number(isLate), inTimeRate } };
};

const withRates = (row: TimelinessRow): TimelinessRow => ({
  ...row,
  inTimeRate: rateOf(row.inTime, row.inTime + row.late),
  needs: row.needs && { ...row.needs, inTimeRate: rateOf(row.needs.inTime, row.needs.inTime + row.needs.late) },
});

/** One more for each rung up to the highest. */
const climbed = (counts: TimelinessRow['escalated'], to: number): TimelinessRow['escalated'] => ({
  ...counts,
  ...Object.fromEntries(Array.from({ length: to }, (_, i) => [i + 1, (counts[i + 1] ?? 0) + 1])),
});

const COLUMNS: readonly WordColumn<TimelinessRow>[] = [
  ['已结束环节', 'Stages ended', 10, ({ finished }) => finished],
  ['其中按时', 'In time', 10, ({ inTime }) => inTime],
  ['逾期', 'Late', 10, ({ late }) => late, 'brief'],
  ['进行中', 'Running', 10, ({ running }) => running, 'brief'],
  ['其中已超期', 'Of these late now', 12, ({ overdue }) => overdue, 'brief'],
  ['按时率（%）', 'In time, %', 12, ({ inTimeRate }) => percentOf(inTimeRate), 'brief'],
  ['已完成需求', 'Needs done', 12, ({ needs }) => needs?.done],
  ['全程按时的需求', 'Needs in time', 14, ({ needs }) => needs?.inTime],
  ['有逾期的需求', 'Needs late', 12, ({ needs }) => needs?.late],
  ['需求按时率（%）', 'Needs in time, %', 14, ({ needs }) => percentOf(needs?.inTimeRate ?? null), 'brief'],
];

function timelinessSheet({ by, rows }: Timeliness, language: Language): Sheet {
  return wordSheet<TimelinessRow>({ 'zh-CN': '办理时效', en: 'Timeliness' }, [keyColumn(by), ...COLUMNS], rows, language);
}
