import { spokenNumberOf, type DeadlineStage } from '@qiyue/civic-domain';
import type { Side } from '@qiyue/need-domain';
import type { EvaluationView, NeedView } from '@qiyue/need-views';
import { amountOf } from '../lists/rows';
import type { PHASES, SatisfactionRow } from './satisfaction-list.schema';
import type { SatisfactionTexts } from './texts';

type Verdict = Pick<EvaluationView, 'score' | 'satisfied'>;

/** What is read of a need, each of which is public: nothing else is opened, and nobody is named. */
export type EvaluatedNeed = Pick<
  NeedView,
  'needId' | 'title' | 'items' | 'kind' | 'category' | 'community' | 'unit' | 'helpers' | 'createdAt' | 'stages' | 'funding' | 'round' | 'stage'
> & {
  readonly author: Pick<NeedView['author'], 'role'>;
  /** A side that said nothing is left out where fields of it are asked for. */
  readonly evaluations: Readonly<Partial<Record<Side, Verdict | null>>>;
};

/** Paths of its documents that hold them. */
export const EVALUATED_PATHS: readonly string[] = [
  ...['needId', 'title', 'items', 'kind', 'category', 'community', 'unit', 'helpers', 'createdAt', 'stages', 'round', 'stage', 'author.role'],
  ...['amountFen', 'finalCostFen', 'cancelledAt'].map((name) => `funding.${name}`),
  ...['resident', 'community'].flatMap((side) => [`evaluations.${side}.score`, `evaluations.${side}.satisfied`]),
];

/** Working days behind the day of one instant up to that of another; null where the calendar does not reach. */
export type WorkingDays = (from: string, to: string) => number | null;
type Phase = (typeof PHASES)[number];
type Days = NonNullable<SatisfactionRow['days'][Phase]>;

const DAY_MS = 86_400_000;
const DATE_LENGTH = 10;
const PHASE_OF: Readonly<Record<DeadlineStage, Phase>> = { submitted: 'claim', claimed: 'fund', funded: 'works', done: 'evaluate' };

const middayOf = (instant: string): number => Date.parse(`${instant.slice(0, DATE_LENGTH)}T12:00:00Z`);
const daysBetween = (from: string, to: string, workingDays: WorkingDays): Days => ({
  calendar: (middayOf(to) - middayOf(from)) / DAY_MS,
  working: workingDays(from, to),
});
const plus = (a: Days | null, b: Days): Days =>
  a === null ? b : { calendar: a.calendar + b.calendar, working: a.working === null || b.working === null ? null : a.working + b.working };

const NO_DAYS: SatisfactionRow['days'] = { claim: null, fund: null, works: null, evaluate: null, whole: null };

const daysOf = ({ createdAt, stages }: EvaluatedNeed, doneAt: string | null, workingDays: WorkingDays): SatisfactionRow['days'] => {
  const spent = stages.reduce((days, { stage, from, endedAt }) => {
    const phase = PHASE_OF[stage];
    return endedAt === null ? days : { ...days, [phase]: plus(days[phase], daysBetween(from, endedAt, workingDays)) };
  }, NO_DAYS);
  return { ...spent, whole: doneAt === null ? null : daysBetween(createdAt, doneAt, workingDays) };
};

export const satisfactionRowOf = (need: EvaluatedNeed, evaluatedAt: string, workingDays: WorkingDays, texts: SatisfactionTexts): SatisfactionRow => {
  const { needId, title, items, kind, category, community, unit, helpers, createdAt, evaluations, round } = need;
  const { resident = null, community: other = null } = evaluations;
  const doneAt = need.stages.findLast(({ stage }) => stage === 'done')?.from ?? null;
  return {
    ...{ number: spokenNumberOf(needId, createdAt), needId, title },
    items: items.map(({ name, quantity, unit: counted }) => ({ name, quantity, unit: counted })),
    ...{ kind, kindName: texts.kinds[kind], category, community },
    ...{ askedBy: need.author.role, askedByName: texts.askers[need.author.role] ?? texts.otherAsker, unit: unit ?? '', helpers },
    ...{ submittedAt: createdAt, doneAt, evaluatedAt, days: daysOf(need, doneAt, workingDays) },
    ...{ residentScore: resident?.score ?? null, residentSatisfied: resident?.satisfied ?? null },
    ...{ communityScore: other?.score ?? null, communitySatisfied: other?.satisfied ?? null },
    satisfied: resident === null || other === null ? null : resident.satisfied && other.satisfied,
    ...{ reopened: round - 1, amountFen: amountOf(need) },
  };
};
