import type { DecisionProgress, FundReservation, FundSource, NeedContent, OwnersReservation, ReportAnswer, Score, Side } from './need.commands';
import type { DeadlineClock, DeadlineStage, Urgency } from '@qiyue/civic-domain';
import type { Author, Party, WhistleReach } from './need.events';

/** Another need that was merged into this one, with the ids of those who follow it since, and the persons behind pseudonyms, sealed. */
export interface Adoption {
  readonly from: string;
  readonly followers: readonly string[];
  readonly persons?: readonly string[];
}

/** What every need has from its birth on. */
export interface Born {
  readonly author: Author;
  readonly community: string;
  readonly urgency: Urgency;
  readonly category: string | null;
  readonly adopted: readonly Adoption[];
  /** True once the community has looked on site; survives a returned claim. */
  readonly inspected: boolean;
  /** 1, and one more for each reopening. */
  readonly round: number;
  /** Units that the author let have the contact; absent for none, as in every state of before rules 2. */
  readonly contactSharedWith?: readonly string[];
  /** Absent in needs of before rules 4. */
  readonly kind?: NeedContent['kind'];
  /** An office has said that the emergency is one; absent where none has. */
  readonly urgencyConfirmed?: true;
  /** An office has said that it is none; absent where none has, as in every state of before rules 7. */
  readonly urgencyDenied?: true;
  /** The owners' decision that was asked for last; absent for none. */
  readonly decision?: OwnersDecision;
  /** The project that it is part of; absent for none. */
  readonly projectId?: string;
}

export interface OwnersDecision {
  readonly decisionId: string;
  readonly progress: DecisionProgress;
}

/** 吹哨: who is called, until when an answer is waited for. */
export interface Whistle {
  readonly reach: WhistleReach;
  readonly answerBy: string | null;
  /** Who is called by name; absent under rules of before 5. */
  readonly units?: readonly string[];
  /** Who answered what, each unit's last word; absent for none. */
  readonly answers?: Readonly<Record<string, ReportAnswer>>;
}

/** A need with its one lead unit: from `claimed` on. */
export interface Led extends Born {
  readonly lead: string;
  readonly helpers: readonly string[];
  /** Helpers that have accepted; absent for none, as in every state of before rules 2. */
  readonly joined?: readonly string[];
}

export interface Verdict {
  readonly score: Score;
  readonly satisfied: boolean;
}

export interface Submitted extends Born {
  readonly stage: 'submitted';
  /** `waiting`: nobody looked yet; `inspected`: verified on site, ready to be claimed. Either may be claimed. */
  readonly status: 'waiting' | 'inspected';
  readonly claimBy: string | null;
  readonly clock: DeadlineClock | null;
  readonly whistle: Whistle | null;
}
export interface Claimed extends Led {
  readonly stage: 'claimed';
  /** `planned`: pledged with a plan; `reopened`: back with its lead after an evaluation, money and works start over. */
  readonly status: 'planned' | 'reopened';
  readonly fundBy: string | null;
  readonly returnUntil: string | null;
  readonly clock: DeadlineClock | null;
  readonly signed: readonly Party[];
  /** The date the lead promised for this round; null: none, the policy's window alone counts. */
  readonly promisedBy: string | null;
}
/** Where the amount comes from. */
export interface Money {
  readonly source: FundSource;
  /** Null where no department pays. */
  readonly reservation: FundReservation | null;
  /** Absent where the maintenance fund pays nothing. */
  readonly owners?: OwnersReservation;
  /** As it was reported last; null: all of it. */
  readonly finalCostFen: number | null;
}
export interface Funded extends Led {
  readonly stage: 'funded';
  /** `reworking`: the works were reported and refused. */
  readonly status: 'waiting-to-start' | 'working' | 'at-acceptance' | 'reworking';
  readonly amountFen: number;
  /** Absent where it was funded under rules of before 4. */
  readonly money?: Money;
  readonly doneBy: string | null;
  readonly clock: DeadlineClock | null;
}
export interface Done extends Led {
  readonly stage: 'done';
  /** `both-sides-evaluated` stands only between two events of one decision: no command ever meets it. */
  readonly status: 'awaiting-evaluations' | 'one-side-evaluated' | 'both-sides-evaluated';
  readonly evaluateBy: string | null;
  readonly clock: DeadlineClock | null;
  readonly verdicts: Readonly<Record<Side, Verdict | null>>;
}
export interface Evaluated extends Led {
  readonly stage: 'evaluated';
  readonly status: 'open-to-reopen' | 'closed';
  readonly closesAt: string;
}
export interface Ended extends Born {
  readonly stage: 'rejected' | 'withdrawn' | 'merged';
  readonly status: 'ended';
}

/** One variant per stage, so that a claimed need without a lead, or a funded one without money, cannot be expressed. */
export type NeedState = { readonly stage: 'unborn' } | Submitted | Claimed | Funded | Done | Evaluated | Ended;

/** Stages of a need that exists. */
export type NeedStage = Exclude<NeedState['stage'], 'unborn'>;
/** Stages with a lead unit. */
export type LedStage = Exclude<NeedStage, 'submitted' | Ended['stage']>;
export type NeedStatus = Exclude<NeedState, { stage: 'unborn' }>['status'];
/** The state in one of some stages. */
export type At<S extends NeedState['stage']> = S extends Ended['stage'] ? Ended : Extract<NeedState, { stage: S }>;

export const unborn: NeedState = { stage: 'unborn' };

export const isAt = <S extends NeedState['stage']>(state: NeedState, stages: readonly S[]): state is At<S> =>
  stages.some((stage) => stage === state.stage);

/** Whom a clock waits for that stands still for the owners: as a community writes it that stops it by hand. */
export const OWNERS = '业主共同决定（owners’ decision）';

/** Owners are still asked, or the authority is: no works yet, and the clock waits. */
export const isUndecided = ({ decision }: Pick<Born, 'decision'>): boolean => decision?.progress === 'open' || decision?.progress === 'passed';

/** What the deadline of a stage follows from in this need. */
export const matterOf = <S extends DeadlineStage>(stage: S, { urgency, category }: Pick<Born, 'urgency' | 'category'>) => ({
  ...{ stage, urgency },
  category: category ?? undefined,
});

/** The deadline that runs, or null: nobody is waited for, or the need is older than ladders. */
export const clockOf = (state: NeedState): DeadlineClock | null => ('clock' in state ? state.clock : null);

/** The next deadline that binds somebody, ISO 8601 with +08:00; null when nobody is waited for or the calendar does not reach. */
export const dueAtOf = (state: NeedState): string | null => {
  switch (state.stage) {
    case 'submitted':
      return state.claimBy;
    case 'claimed':
      return state.fundBy;
    case 'funded':
      return state.doneBy;
    case 'done':
      return state.evaluateBy;
    default:
      return null;
  }
};
