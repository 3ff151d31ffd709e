import { CSV, csvForm, wordSheet, type AggregateQuery, type Sheet, type WordColumn } from '@qiyue/aggregate';
import type { DeadlineStage, Language, Texts } from '@qiyue/civic-domain';
import { z } from 'zod';
import { keyColumn, type FigureRow } from '../figures/figure-words';
import { countShown, factsFor, figureFilters, groupOf } from '../figures/figures-query';
import type { NeedFact, StageFact } from '../figures/need-figures';

const GROUPS = ['unit', 'community', 'category', 'kind', 'year'] as const;
const PHASES = ['claim', 'fund', 'works', 'evaluate', 'whole'] as const;
export type Phase = (typeof PHASES)[number];
const PHASE_OF: Readonly<Record<DeadlineStage, Phase>> = { submitted: 'claim', claimed: 'fund', funded: 'works', done: 'evaluate' };

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;

const inHours = (what: string) =>
  z
    .number()
    .min(0)
    .nullable()
    .meta({ description: `${what}, in hours, to a hundredth; null of none` });
const inDays = (what: string) =>
  z
    .number()
    .min(0)
    .nullable()
    .meta({ description: `${what}, in days of 24 hours, to a hundredth; null of none` });
const [MEDIAN, NINETIETH] = ['Half of them took no longer', 'Nine of ten took no longer'] as const;
const durationShown = z.object({
  count: countShown('How many'),
  medianHours: inHours(MEDIAN),
  p90Hours: inHours(NINETIETH),
  longestHours: inHours('The longest'),
  medianDays: inDays(MEDIAN),
  p90Days: inDays(NINETIETH),
  longestDays: inDays('The longest'),
  netMedianHours: inHours(`${MEDIAN}, without the time in which the clock stood still`),
  netP90Hours: inHours(`${NINETIETH}, without the time in which the clock stood still`),
});
const phases = z.object({
  claim: durationShown.meta({ description: 'From the list to the claim' }),
  fund: durationShown.meta({ description: 'From the claim, or the reopening, to the funding' }),
  works: durationShown.meta({ description: 'From the funding to the acceptance' }),
  evaluate: durationShown.meta({ description: 'From the acceptance to the end of the evaluation' }),
  whole: durationShown.meta({ description: 'From the submission to the last acceptance, of needs that are done and not reopened since' }),
});
const durationsAnswer = z.object({
  by: z.enum(GROUPS),
  all: phases.meta({ description: 'All that was asked for, also what stands in no row' }),
  rows: z.array(phases.extend({ key: z.string() })).readonly(),
});
export const durationsQuery = z.strictObject({ by: z.enum(GROUPS).default('unit'), ...figureFilters });
export type DurationsQuery = z.infer<typeof durationsQuery>;
export type Durations = z.infer<typeof durationsAnswer>;
export type Duration = z.infer<typeof durationShown>;
type PhaseDurations = z.infer<typeof phases>;

/** How long it takes, typically and at worst. */
export const durations: AggregateQuery<DurationsQuery, Durations> = {
  path: 'stats/durations',
  title: { 'zh-CN': '办理时长：认领、资金、实施、评价各用多久', en: 'How long each stage takes' },
  verb: 'durations',
  summary: 'How long claiming, funding, works and evaluation take: median and 90th percentile, by unit, community, category, kind or year',
  description:
    'Exact, by nearest rank: of n durations in ascending order the one at ⌈n·p⌉. Each is counted in whole minutes, in the year in which it ended. A stage that went back (a claim that was returned, works that were cancelled) or was broken off has none.',
  parameters: durationsQuery,
  answer: durationsAnswer,
  forms: { [CSV]: csvForm(durationsSheet) },
  sheets: (answer, language) => [durationsSheet(answer, language)],
  looksAtAll: true,
  read: async (query, ports) => {
    const spans = new Spans(query.by);
    for await (const fact of factsFor<StageFact | NeedFact>(['stage', 'need'], query, ports)) spans.add(fact);
    return spans.answer();
  },
};

interface Minutes {
  readonly gross: number[];
  readonly net: number[];
}
type Gathered = Readonly<Record<Phase, Minutes>>;

const gathering = (): Gathered => Object.fromEntries(PHASES.map((phase) => [phase, { gross: [], net: [] }])) as unknown as Gathered;

/** Pure: facts in, durations out, in the order of their keys. Keeps a number or two for each. */
export class Spans {
  private readonly all = gathering();
  private readonly byKey = new Map<string, Gathered>();

  constructor(private readonly by: DurationsQuery['by']) {}

  add(fact: StageFact | NeedFact): void {
    if (fact.state !== 'came' && fact.state !== 'done') return;
    const phase = fact.of === 'need' ? 'whole' : PHASE_OF[fact.stage];
    for (const { gross, net } of [this.all[phase], ...this.rowOf(fact).map((row) => row[phase])]) {
      gross.push(fact.minutes);
      net.push(Math.max(0, fact.minutes - fact.pausedMinutes));
    }
  }

  answer(): Durations {
    const rows = [...this.byKey].map(([key, gathered]) => ({ key, ...durationsIn(gathered) })).sort((a, b) => (a.key < b.key ? -1 : 1));
    return { by: this.by, all: durationsIn(this.all), rows };
  }

  private rowOf(fact: StageFact | NeedFact): readonly Gathered[] {
    const key = groupOf(fact, this.by);
    if (key === null) return [];
    const row = this.byKey.get(key) ?? gathering();
    this.byKey.set(key, row);
    return [row];
  }
}

/** Of numbers in ascending order the one at ⌈n·percent/100⌉, which is one of them: nothing is interpolated. Null of none. */
export const nearestRank = (ascending: readonly number[], percent: number): number | null =>
  ascending[Math.max(1, Math.ceil((ascending.length * percent) / 100)) - 1] ?? null;

const hundredths = (n: number): number => Math.round(n * 100) / 100;
const hoursOf = (minutes: number | null): number | null => (minutes === null ? null : hundredths(minutes / MINUTES_PER_HOUR));
const daysOf = (minutes: number | null): number | null => (minutes === null ? null : hundredths(minutes / MINUTES_PER_DAY));

const durationsIn = (gathered: Gathered): PhaseDurations =>
  Object.fromEntries(PHASES.map((phase) => [phase, durationOf(gathered[phase])])) as unknown as PhaseDurations;

const durationOf = ({ gross, net }: Minutes): Duration => {
  const [whole, without] = [gross, net].map((minutes) => minutes.toSorted((a, b) => a - b)) as [number[], number[]];
  const [median, p90, longest] = [50, 90, 100].map((percent) => nearestRank(whole, percent)) as [number | null, number | null, number | null];
  return {
    count: whole.length,
    ...{ medianHours: hoursOf(median), p90Hours: hoursOf(p90), longestHours: hoursOf(longest) },
    ...{ medianDays: daysOf(median), p90Days: daysOf(p90), longestDays: daysOf(longest) },
    ...{ netMedianHours: hoursOf(nearestRank(without, 50)), netP90Hours: hoursOf(nearestRank(without, 90)) },
  };
};

const PHASE_TEXTS: Readonly<Record<Phase, Texts>> = {
  claim: { 'zh-CN': '认领', en: 'Claim' },
  fund: { 'zh-CN': '资金到位', en: 'Funding' },
  works: { 'zh-CN': '实施', en: 'Works' },
  evaluate: { 'zh-CN': '评价', en: 'Evaluation' },
  whole: { 'zh-CN': '全程', en: 'Whole' },
};
const MEASURES: readonly WordColumn<Duration>[] = [
  ['件数', 'count', 10, ({ count }) => count],
  ['中位数（小时）', 'median, hours', 14, ({ medianHours }) => medianHours],
  ['九成以内（小时）', 'nine of ten, hours', 14, ({ p90Hours }) => p90Hours],
  ['最长（小时）', 'longest, hours', 14, ({ longestHours }) => longestHours],
  ['中位数（天）', 'median, days', 14, ({ medianDays }) => medianDays, 'brief'],
  ['九成以内（天）', 'nine of ten, days', 14, ({ p90Days }) => p90Days],
  ['最长（天）', 'longest, days', 14, ({ longestDays }) => longestDays],
  ['中位数（扣除停钟，小时）', 'median without pauses, hours', 14, ({ netMedianHours }) => netMedianHours],
  ['九成以内（扣除停钟，小时）', 'nine of ten without pauses, hours', 14, ({ netP90Hours }) => netP90Hours],
];
const COLUMNS: readonly WordColumn<PhaseDurations>[] = PHASES.flatMap((phase) =>
  MEASURES.map(([zh, en, width, of, brief]): WordColumn<PhaseDurations> => [
    `${PHASE_TEXTS[phase]['zh-CN']}${zh}`,
    `${PHASE_TEXTS[phase].en}: ${en}`,
    width,
    (row, language) => of(row[phase], language),
    brief,
  ]),
);

/** A line for each row, and one for all that was asked for. */
function durationsSheet({ by, all, rows }: Durations, language: Language): Sheet {
  return wordSheet<PhaseDurations & FigureRow>({ 'zh-CN': '办理时长', en: 'Durations' }, [keyColumn(by), ...COLUMNS], [...rows, all], language);
}
