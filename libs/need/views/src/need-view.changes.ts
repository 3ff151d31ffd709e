import type { DeadlineStage, Schedule, Urgency } from '@qiyue/civic-domain';
import { brokenOffStages, endedStages, startedClock } from '@qiyue/civic-views';
import { adoptionIn, type Adoption, type Fact, type NeedContent } from '@qiyue/need-domain';
import { NOT_SIGNED } from './parties-view';
import type { DeadlinesView, EvaluationView, FundingView, InspectionView, NeedView, ProgressView } from './need-view';

/** What an event changes; seq, times, hash and what is derived are `foldNeedView`'s. */
export type Change = Partial<NeedView>;

export const NO_DEADLINES: DeadlinesView = { claimBy: null, fundBy: null, returnUntil: null, doneBy: null, evaluateBy: null, closesAt: null };
export const running = (deadlines: Partial<DeadlinesView>): DeadlinesView => ({ ...NO_DEADLINES, ...deadlines });

/** Named one by one, so that nothing else in a record can get into a document. */
const AMENDABLE = [
  'title',
  'description',
  'kind',
  'category',
  'urgency',
  'items',
  'community',
  'compound',
  'location',
  'contact',
  'scope',
  'photos',
] as const satisfies readonly (keyof NeedContent)[];

const rewritten = (data: Partial<NeedContent>): Change => ({
  ...Object.fromEntries(AMENDABLE.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]]))),
  ...(data.location === undefined ? {} : { exactLocation: data.exactLocation ?? null }),
});

export const amended = ({ author, urgency }: NeedView, { data }: Fact<'NeedAmended'>): Change => ({
  ...rewritten(data),
  ...(data.urgency === undefined || data.urgency === urgency ? {} : { urgencyConfirmed: called(data.urgency, author) }),
});

/** Whether an office stands behind what its author calls it: a community's own call is a word already. */
export const called = (urgency: NeedView['urgency'], { role }: NeedView['author']): boolean | null =>
  urgency === 'emergency' ? role === 'community' : null;

/** The reason that was given last stays where none is. */
export const withReason = ({ reason }: { readonly reason?: string }): Change => (reason === undefined ? {} : { reason });

export const confirmed = (urgency: Urgency): Change => ({ urgency, urgencyConfirmed: urgency === 'emergency' ? true : null });

export const corrected = ({ data: { promisedBy, urgency, reason, ...data } }: Fact<'NeedCorrected'>): Change => ({
  ...rewritten(data),
  reason,
  ...(promisedBy === undefined ? {} : { promisedBy }),
  ...(urgency === undefined ? {} : confirmed(urgency)),
});

/** A unit is waited for as one that was called by name. */
export const dispatched = (
  { whistle }: NeedView,
  { data: { unit, answerBy = null, community, ...data } }: Fact<'NeedDispatched'>,
  at: string,
): Change => ({
  ...withReason(data),
  ...(community === undefined ? {} : { community }),
  ...(unit === undefined ? {} : { whistle: { reach: 'named' as const, units: [unit], answerBy, at, answers: whistle?.answers ?? [] } }),
});

export const inspected = ({ data: { notes, photos } }: Fact<'NeedInspected'>, at: string): InspectionView => ({ notes, photos: photos ?? [], at });

export const progress = ({ round }: NeedView, { data: { note, photos } }: Fact<'ProgressReported'>, at: string): ProgressView => ({
  round,
  note,
  photos: photos ?? [],
  at,
});

export const adoption = ({ data }: Fact<'NeedAdopted'>): Adoption => adoptionIn(data);

interface Start {
  readonly stage: DeadlineStage;
  readonly round: number;
  readonly unit: string | null;
  readonly dueAt: string | null;
  readonly deadline: Schedule | undefined;
}

/** The stage before ends at `at` and another begins: with a clock if the event gave it a ladder. */
export const begins = (before: Pick<NeedView, 'stages' | 'clock'>, { stage, round, unit, dueAt, deadline }: Start, at: string) => ({
  clock: startedClock(stage, deadline),
  stages: [...endedStages(before, at), { stage, round, unit, from: at, dueAt, endedAt: null, late: null, escalatedTo: 0 }],
});

/** Nobody is waited for any more. */
const over = (view: NeedView, at: string) => ({ clock: null, stages: endedStages(view, at) });

export const ended = (view: NeedView, stage: 'withdrawn' | 'rejected' | 'merged', why: Change, at: string): Change => ({
  stage,
  status: 'ended',
  deadlines: NO_DEADLINES,
  clock: null,
  stages: brokenOffStages(view, at),
  ...why,
});

export const without = (adopted: readonly Adoption[], needId: string): readonly Adoption[] => adopted.filter((adoption) => adoption.from !== needId);

export const claimed = (view: NeedView, { data }: Fact<'NeedClaimed'>, at: string): Change => ({
  stage: 'claimed',
  status: 'planned',
  unit: data.unit,
  helpers: data.helpers,
  joined: [],
  plan: data.plan,
  promisedBy: data.promisedBy ?? null,
  deadlines: running({ fundBy: data.fundBy, returnUntil: data.returnUntil }),
  whistle: null,
  contract: NOT_SIGNED,
  ...begins(view, { stage: 'claimed', round: view.round, unit: data.unit, dueAt: data.fundBy, deadline: data.deadline }, at),
});

export const returned = (view: NeedView, { data }: Fact<'ClaimReturned'>, at: string): Change => ({
  stage: 'submitted',
  status: view.inspection === null ? 'waiting' : 'inspected',
  unit: null,
  helpers: [],
  joined: [],
  plan: null,
  promisedBy: null,
  reason: data.reason,
  deadlines: running({ claimBy: data.claimBy }),
  contract: NOT_SIGNED,
  ...begins(view, { stage: 'submitted', round: view.round, unit: null, dueAt: data.claimBy, deadline: data.deadline }, at),
});

export const funded = (
  view: NeedView,
  { data: { amountFen, source, reference, unit, doneBy, split, deadline, owners } }: Fact<'NeedFunded'>,
  at: string,
): Change => ({
  stage: 'funded',
  status: 'waiting-to-start',
  funding: [
    ...view.funding,
    {
      ...{ round: view.round, amountFen, source, reference, unit, at },
      ...(split === undefined ? {} : { split }),
      ...(owners === undefined ? {} : { decisionId: owners.decisionId }),
    },
  ],
  deadlines: running({ doneBy }),
  ...begins(view, { stage: 'funded', round: view.round, unit: view.unit, dueAt: doneBy, deadline }, at),
});

/** What has become of the funding that the works live on. */
const fundingNow = ({ funding }: NeedView, change: Partial<FundingView>): readonly FundingView[] =>
  funding.map((entry, i) => (i === funding.length - 1 ? { ...entry, ...change } : entry));

export const adjusted = (view: NeedView, { data: { amountFen, reason } }: Fact<'FundingAdjusted'>): Change => ({
  reason,
  funding: fundingNow(view, { amountFen }),
});

export const cancelled = (view: NeedView, { data }: Fact<'WorksCancelled'>, at: string): Change => ({
  stage: 'claimed',
  status: 'planned',
  promisedBy: null,
  reason: data.reason,
  funding: fundingNow(view, { cancelledAt: at }),
  deadlines: running({ fundBy: data.fundBy, returnUntil: data.returnUntil }),
  contract: NOT_SIGNED,
  ...begins(view, { stage: 'claimed', round: view.round, unit: data.unit, dueAt: data.fundBy, deadline: data.deadline }, at),
});

export const reported = (view: NeedView, { data }: Fact<'WorksReported'>, at: string): Change => ({
  status: 'at-acceptance',
  ...(data.finalCostFen === undefined ? {} : { funding: fundingNow(view, { finalCostFen: data.finalCostFen }) }),
  evidence: [
    ...view.evidence,
    ...data.evidence.map(({ kind, url, text }) => ({ round: view.round, kind, url: url ?? null, text: text ?? null, at })),
  ],
});

export const done = (view: NeedView, { data }: Fact<'NeedDone'>, at: string): Change => ({
  stage: 'done',
  status: 'awaiting-evaluations',
  evaluations: { resident: null, community: null },
  deadlines: running({ evaluateBy: data.evaluateBy }),
  lapsed: null,
  ...begins(view, { stage: 'done', round: view.round, unit: null, dueAt: data.evaluateBy, deadline: data.deadline }, at),
});

export const verdict = ({ data: { score, satisfied, comment } }: Fact<'ResidentEvaluated' | 'CommunityEvaluated'>, at: string): EvaluationView => ({
  score,
  satisfied,
  comment: comment ?? null,
  at,
});

export const evaluated = (view: NeedView, given: Partial<NeedView['evaluations']>): Change => ({
  status: view.status === 'awaiting-evaluations' ? 'one-side-evaluated' : 'both-sides-evaluated',
  evaluations: { ...view.evaluations, ...given },
});

/** Evaluated: both sides spoke, or it was closed without. */
export const closing = (view: NeedView, closesAt: string, at: string): Change => ({
  stage: 'evaluated',
  status: 'open-to-reopen',
  deadlines: running({ closesAt }),
  ...over(view, at),
});

export const reopened = (view: NeedView, { data }: Fact<'NeedReopened'>, at: string): Change => ({
  stage: 'claimed',
  status: 'reopened',
  round: data.round,
  promisedBy: null,
  ...withReason(data),
  deadlines: running({ fundBy: data.fundBy, returnUntil: data.returnUntil }),
  contract: NOT_SIGNED,
  ...begins(view, { stage: 'claimed', round: data.round, unit: data.unit, dueAt: data.fundBy, deadline: data.deadline }, at),
});

const FIELD = { submitted: 'claimBy', claimed: 'fundBy', funded: 'doneBy', done: 'evaluateBy' } as const satisfies Record<
  DeadlineStage,
  keyof DeadlinesView
>;

/** The deadline ends at another time now. */
export const moved = (view: NeedView, { data }: Fact<'ClockResumed' | 'ExtensionGranted' | 'DeadlineMoved'>): Change => ({
  deadlines: {
    ...view.deadlines,
    [FIELD[data.stage]]: data.dueAt,
    ...('returnUntil' in data && data.returnUntil !== undefined ? { returnUntil: data.returnUntil } : {}),
  },
});

export const signed = (view: NeedView, { data: { party } }: Fact<'ContractSigned'>, at: string): Change => ({
  contract: { ...view.contract, [party]: at },
});

export const whistled = ({ whistle }: NeedView, { data: { reach, units, answerBy } }: Fact<'WhistleBlown'>, at: string): Change => ({
  whistle: { reach, units, answerBy, at, answers: whistle?.answers ?? [] },
});

export const unitAnswered = ({ whistle }: NeedView, { data }: Fact<'UnitReportedIn'>, reportedAt: string): Change => {
  const { unit, answer, reason = null, at = null, answerBy } = data;
  const others = (whistle?.answers ?? []).filter((before) => before.unit !== unit);
  return { whistle: whistle && { ...whistle, answerBy, answers: [...others, { unit, answer, reason, at, reportedAt }] } };
};

/** Who comes again is there once, with what was said last. */
export const volunteered = ({ volunteers }: NeedView, { data }: Fact<'VolunteerReportedIn'>, reportedAt: string): Change => {
  const { person, at = null } = data;
  return { volunteers: [...volunteers.filter((before) => before.person !== person), { person, at, reportedAt }] };
};
