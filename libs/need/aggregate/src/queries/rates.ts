import { CSV, csvForm, percentOf, wordSheet, type AggregateQuery, type Sheet, type WordColumn } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import { z } from 'zod';
import { keyColumn, type FigureRow } from '../figures/figure-words';
import { countShown, factsFor, FIGURE_GROUPS, figureFilters, groupOf, rateOf, rateShown, type FigureGroup } from '../figures/figures-query';
import type { ClosingFact, StageFact } from '../figures/need-figures';

const rates = {
  toAnswer: countShown('Times on the list that a department has claimed, or whose deadline to claim was missed'),
  answeredInTime: countShown('Of these, claimed within the deadline, which was never missed'),
  responseRate: rateShown('响应率: answeredInTime / toAnswer'),
  closed: countShown('Evaluations that ended, with or without both sides, and rejections'),
  solved: countShown('Of these, accepted works that nobody who spoke was unsatisfied with, and that were not reopened'),
  resolutionRate: rateShown('解决率: solved / closed'),
  evaluated: countShown('Of the closed ones, those that both sides have evaluated'),
  satisfied: countShown('Of these, both sides are satisfied'),
  satisfactionRate: rateShown('满意率: satisfied / evaluated'),
};
const ratesAll = z.object(rates);
const ratesRow = z.object({ key: z.string(), ...rates });
const ratesAnswer = z.object({
  by: z.enum(FIGURE_GROUPS),
  all: ratesAll.meta({ description: 'All that was asked for, also what stands in no row: nobody leads it, or it has no category' }),
  rows: z.array(ratesRow).readonly(),
});
export const ratesQuery = z.strictObject({ by: z.enum(FIGURE_GROUPS).default('unit'), ...figureFilters });
export type RatesQuery = z.infer<typeof ratesQuery>;
export type Rates = z.infer<typeof ratesAnswer>;
export type RatesRow = z.infer<typeof ratesAll>;

/** The three rates by which a county is judged (响应率、解决率、满意率). */
export const threeRates: AggregateQuery<RatesQuery, Rates> = {
  path: 'stats/rates',
  title: { 'zh-CN': '响应率、解决率、满意率', en: 'Response, resolution and satisfaction' },
  verb: 'rates',
  summary: 'Response, resolution and satisfaction (响应率、解决率、满意率), by unit, community, category, kind, year or month',
  description:
    'Counted from events, each in the year and month in which it happened: when it was claimed, or the deadline to claim was missed; when the evaluation ended, or the need was rejected. A need that comes onto the list again is to be answered again, and one that is evaluated again is closed again.',
  parameters: ratesQuery,
  answer: ratesAnswer,
  forms: { [CSV]: csvForm(ratesSheet) },
  sheets: (answer, language) => [ratesSheet(answer, language)],
  looksAtAll: true,
  read: async (query, ports) => {
    const count = new RatesCount(query.by, ports.now);
    for await (const fact of factsFor<StageFact | ClosingFact>(['stage', 'closing'], query, ports)) count.add(fact);
    return count.answer();
  },
};

type Counts = Readonly<Record<'toAnswer' | 'answeredInTime' | 'closed' | 'solved' | 'evaluated' | 'satisfied', number>>;
const NONE: Counts = { toAnswer: 0, answeredInTime: 0, closed: 0, solved: 0, evaluated: 0, satisfied: 0 };
const NAMES = Object.keys(NONE) as readonly (keyof Counts)[];

/** Pure: facts in, rates out, in the order of their keys. */
export class RatesCount {
  private all = NONE;
  private readonly counts = new Map<string, Counts>();

  constructor(
    private readonly by: FigureGroup,
    private readonly now: string,
  ) {}

  add(fact: StageFact | ClosingFact): void {
    const counted = fact.of === 'stage' ? this.answerIn(fact) : closingIn(fact);
    if (counted === null) return;
    this.all = plus(this.all, counted);
    const key = groupOf(fact, this.by);
    if (key !== null) this.counts.set(key, plus(this.counts.get(key) ?? NONE, counted));
  }

  answer(): Rates {
    const rows = [...this.counts].map(([key, counts]) => ({ key, ...ratesIn(counts) })).sort((a, b) => (a.key < b.key ? -1 : 1));
    return { by: this.by, all: ratesIn(this.all), rows };
  }

  private answerIn({ stage, state, dated, late, due }: StageFact): Counts | null {
    if (stage !== 'submitted' || dated === 0) return null;
    if (state === 'came') return { ...NONE, toAnswer: 1, answeredInTime: 1 - late };
    const isLate = late === 1 || (state === 'running' && due < this.now);
    return isLate ? { ...NONE, toAnswer: 1 } : null;
  }
}

const closingIn = ({ end, state, satisfied }: ClosingFact): Counts => ({
  ...NONE,
  closed: 1,
  solved: Number(end !== 'rejected' && state === 'stands' && satisfied === 1),
  evaluated: Number(end === 'evaluated'),
  satisfied: Number(end === 'evaluated' && satisfied === 1),
});

const plus = (a: Counts, b: Counts): Counts => Object.fromEntries(NAMES.map((name) => [name, a[name] + b[name]])) as Counts;

const ratesIn = (counts: Counts): RatesRow => ({
  ...counts,
  responseRate: rateOf(counts.answeredInTime, counts.toAnswer),
  resolutionRate: rateOf(counts.solved, counts.closed),
  satisfactionRate: rateOf(counts.satisfied, counts.evaluated),
});

const COLUMNS: readonly WordColumn<RatesRow>[] = [
  ['应响应', 'To answer', 10, ({ toAnswer }) => toAnswer],
  ['按时响应', 'Answered in time', 10, ({ answeredInTime }) => answeredInTime],
  ['响应率（%）', 'Response rate, %', 12, ({ responseRate }) => percentOf(responseRate), 'brief'],
  ['已办结', 'Closed', 10, ({ closed }) => closed],
  ['已解决', 'Solved', 10, ({ solved }) => solved],
  ['解决率（%）', 'Resolution rate, %', 12, ({ resolutionRate }) => percentOf(resolutionRate), 'brief'],
  ['双方已评价', 'Evaluated', 10, ({ evaluated }) => evaluated],
  ['满意', 'Satisfied', 10, ({ satisfied }) => satisfied],
  ['满意率（%）', 'Satisfaction rate, %', 12, ({ satisfactionRate }) => percentOf(satisfactionRate), 'brief'],
];

/** A line for each row, and one for all that was asked for. */
function ratesSheet({ by, all, rows }: Rates, language: Language): Sheet {
  return wordSheet<RatesRow & FigureRow>({ 'zh-CN': '三率', en: 'Rates' }, [keyColumn(by), ...COLUMNS], [...rows, all], language);
}
