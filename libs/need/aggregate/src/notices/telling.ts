import type { Audience, PolicyDocument, Urgency } from '@qiyue/civic-domain';
import type { Fact } from '@qiyue/need-domain';
import type { ToldEvent, ToldType } from './told';

/** Who is told, before it is known who they are in this need. `called`: whom a whistle calls; `former-community`: whose it was until now. */
export type Group = Audience | 'followers' | 'former-community' | 'called' | 'waited-for' | 'other-party';

type Telling<T extends ToldType> = readonly Group[] | ((data: Fact<T>['data'], policy: PolicyDocument) => readonly Group[]);

const RESIDENTS: readonly Group[] = ['author', 'followers'];
const ALL_SIDES: readonly Group[] = [...RESIDENTS, 'community', 'lead', 'helpers'];

/** Whom an office's word that it is an emergency wakes. */
const calledBy = (urgency: Urgency | undefined): readonly Group[] => (urgency === 'emergency' ? ['departments', 'centre'] : []);

/**
 * Which event tells whom; an emergency wakes more. The steps of a deadline tell those that the policy names and
 * whoever is waited for; once it is missed also those whose need it is.
 */
const TELLING: { readonly [T in ToldType]: Telling<T> } = {
  NeedSubmitted: ['community'],
  NeedAmended: [],
  NeedWithdrawn: ['community', 'followers'],
  NeedRejected: RESIDENTS,
  NeedMerged: RESIDENTS,
  NeedClaimed: [...RESIDENTS, 'community', 'helpers'],
  ClaimReturned: [...RESIDENTS, 'community', 'helpers'],
  NeedFunded: [...RESIDENTS, 'community', 'lead', 'helpers'],
  FundingAdjusted: ['lead', 'community'],
  WorksStarted: [...RESIDENTS, 'community'],
  ProgressReported: RESIDENTS,
  WorksCancelled: ALL_SIDES,
  WorksReported: ['community', ...RESIDENTS],
  WorksRefused: ['lead', 'helpers', ...RESIDENTS],
  NeedDone: ALL_SIDES,
  NeedEvaluated: ['author', 'community', 'lead'],
  NeedReopened: ALL_SIDES,
  WhistleBlown: ['called', 'community'],
  NeedDispatched: ({ unit }) => [...(unit === undefined ? [] : (['called'] as const)), 'community', 'former-community', 'author'],
  NeedCorrected: ({ urgency }) => ['author', 'community', 'former-community', 'lead', ...calledBy(urgency)],
  UrgencyConfirmed: ({ to }) => ['author', 'community', 'lead', ...calledBy(to)],
  UnitReportedIn: ['community'],
  ContractSigned: ['other-party'],
  DeadlineApproaching: (_, { remind }) => ['waited-for', ...remind.tells],
  DeadlineMissed: (_, { missed }) => ['waited-for', ...missed.tells, ...RESIDENTS],
  Escalated: ({ level }, { ladder }) => [...(ladder.find((rung) => rung.level === level)?.tells ?? []), ...RESIDENTS],
  ClockPaused: [...RESIDENTS, 'community', 'lead', 'helpers'],
  ClockResumed: [...RESIDENTS, 'community', 'lead', 'helpers'],
  ExtensionRequested: ['centre', 'community'],
  ExtensionGranted: ['lead', 'community', ...RESIDENTS],
  ExtensionDenied: ['lead', 'community'],
  DeadlineMoved: ['lead', 'community', ...RESIDENTS],
  EvaluationLapsed: ['author', 'community', 'lead'],
};

export const groupsToldOf = (event: ToldEvent, policy: PolicyDocument): readonly Group[] => {
  // The table's own type pairs each event with its rule; a union of events does not say so to the compiler.
  const telling = TELLING[event.type] as Telling<ToldType>;
  return typeof telling === 'function' ? telling(event.data as never, policy) : telling;
};
