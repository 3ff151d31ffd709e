import type { Adoption, Fact, NeedContent } from '@qiyue/need-domain';
import type { DeadlinesView, EvaluationView, InspectionView, NeedView, ProgressView } from './need-view';

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
] as const satisfies readonly (keyof NeedContent)[];

export const amended = ({ data }: Fact<'NeedAmended'>): Change =>
  Object.fromEntries(AMENDABLE.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));

export const inspected = ({ data: { notes, photos } }: Fact<'NeedInspected'>, at: string): InspectionView => ({ notes, photos: photos ?? [], at });

export const progress = ({ round }: NeedView, { data: { note, photos } }: Fact<'ProgressReported'>, at: string): ProgressView => ({
  round,
  note,
  photos: photos ?? [],
  at,
});

export const adoption = ({ data: { from: source, followers } }: Fact<'NeedAdopted'>): Adoption => ({ from: source, followers });

export const ended = (stage: 'withdrawn' | 'rejected' | 'merged', why: Change): Change => ({
  stage,
  status: 'ended',
  deadlines: NO_DEADLINES,
  ...why,
});

export const without = (adopted: readonly Adoption[], needId: string): readonly Adoption[] => adopted.filter((adoption) => adoption.from !== needId);

export const claimed = ({ data }: Fact<'NeedClaimed'>): Change => ({
  stage: 'claimed',
  status: 'planned',
  unit: data.unit,
  helpers: data.helpers,
  plan: data.plan,
  promisedBy: data.promisedBy ?? null,
  deadlines: running({ fundBy: data.fundBy, returnUntil: data.returnUntil }),
});

export const returned = (view: NeedView, { data }: Fact<'ClaimReturned'>): Change => ({
  stage: 'submitted',
  status: view.inspection === null ? 'waiting' : 'inspected',
  unit: null,
  helpers: [],
  plan: null,
  promisedBy: null,
  reason: data.reason,
  deadlines: running({ claimBy: data.claimBy }),
});

export const funded = (view: NeedView, { data: { amountFen, source, reference, unit, doneBy } }: Fact<'NeedFunded'>, at: string): Change => ({
  stage: 'funded',
  status: 'waiting-to-start',
  funding: [...view.funding, { round: view.round, amountFen, source, reference, unit, at }],
  deadlines: running({ doneBy }),
});

export const reported = (view: NeedView, { data }: Fact<'WorksReported'>, at: string): Change => ({
  status: 'at-acceptance',
  evidence: [
    ...view.evidence,
    ...data.evidence.map(({ kind, url, text }) => ({ round: view.round, kind, url: url ?? null, text: text ?? null, at })),
  ],
});

export const done = ({ data }: Fact<'NeedDone'>): Change => ({
  stage: 'done',
  status: 'awaiting-evaluations',
  evaluations: { resident: null, community: null },
  deadlines: running({ evaluateBy: data.evaluateBy }),
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

export const reopened = ({ data }: Fact<'NeedReopened'>): Change => ({
  stage: 'claimed',
  status: 'reopened',
  round: data.round,
  promisedBy: null,
  reason: data.reason ?? null,
  deadlines: running({ fundBy: data.fundBy, returnUntil: data.returnUntil }),
});
