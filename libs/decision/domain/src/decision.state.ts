import { reservedFenOf, type CountingRule, type DeadlineClock, type DecisionMatter, type Reservations } from '@qiyue/civic-domain';
import type { Challenges } from './challenges';
import type { Ballots } from './counting';
import type { Channel } from './decision.commands';
import type { ClosingCause } from './decision.events';
import type { Terms } from './decision.terms';
import type { Electorate } from './electorate';

/** What every decision has. Nothing in it grows with what happens but rows of signs, and challenges up to a bound: 3,000 rooms and all their votes are about 200 kB of JSON. */
export interface Opened extends Reservations {
  readonly needId: string;
  readonly community: string;
  readonly matter: DecisionMatter;
  readonly electorate: Electorate;
  readonly rule: CountingRule;
  readonly terms: Terms;
  /** 1, 2 … with what the works may cost. */
  readonly plan: { readonly number: number; readonly budgetFen: number };
  /** Who has voted. */
  readonly ballots: Ballots;
  /** Of all ballots as they are sealed: see `ballotsHashAfter`. They stand in the ledger alone, so that a state does not grow with them. */
  readonly ballotsHash: string;
  /** Rooms that have signed, as a mask. */
  readonly signed: string;
  readonly challenges: Challenges;
  /** Paid out and not paid back. */
  readonly drawnFen: number;
  readonly isAudited: boolean;
}
interface Timed {
  readonly dueAt: string | null;
  readonly clock: DeadlineClock | null;
}
type In<S extends string, D extends object = object> = Opened & D & { readonly stage: S };

/** One variant per stage. */
export type DecisionState =
  | { readonly stage: 'nonexistent' }
  | In<'preparing', Timed>
  | In<'voting', Timed & { readonly closesAt: string; readonly channels: readonly Channel[] }>
  /** Closed, and the ballots are not opened yet: no person is waited for. */
  | In<'counting', { readonly cause: ClosingCause }>
  | In<'passed', Timed>
  | In<'noticing', Timed & { readonly noticeEndsAt: string }>
  | In<'confirming', Timed>
  | In<'declared', Timed>
  /** `noticeEndsAt` is null before its notice, and after. */
  | In<'emergency', Timed & { readonly noticeEndsAt: string | null; readonly isNoticed: boolean }>
  | In<'confirmed'>
  | In<'warranty', Timed & { readonly warrantyEndsAt: string }>
  | In<'ended'>
  | In<'failed'>
  | In<'cancelled'>;
/** Stages of a decision that exists. */
export type DecisionStage = Exclude<DecisionState['stage'], 'nonexistent'>;
/** The state in one of some stages. */
export type At<S extends DecisionState['stage']> = Extract<DecisionState, { stage: S }>;
export type Existing = At<DecisionStage>;

export const OVER_STAGES = ['ended', 'failed', 'cancelled'] as const satisfies readonly DecisionStage[];
export type OverStage = (typeof OVER_STAGES)[number];

export const STATUSES = [
  ...(['consulting', 'voting', 'counting', 'passed', 'noticing', 'confirming', 'declared', 'emergency', 'working', 'in-warranty'] as const),
  ...(['settling', 'ended', 'failed', 'cancelled'] as const),
] as const;
/** The same in finer words: see `statusOf`. */
export type DecisionStatus = (typeof STATUSES)[number];

export const nonexistent: DecisionState = { stage: 'nonexistent' };

export const isAt = <S extends DecisionState['stage']>(state: DecisionState, stages: readonly S[]): state is At<S> =>
  stages.some((stage) => stage === state.stage);

const STATUS = {
  ...{
    preparing: 'consulting',
    voting: 'voting',
    counting: 'counting',
    passed: 'passed',
    noticing: 'noticing',
    confirming: 'confirming',
    declared: 'declared',
  },
  ...{ emergency: 'emergency', confirmed: 'working', warranty: 'in-warranty', ended: 'ended', failed: 'failed', cancelled: 'cancelled' },
} as const satisfies Readonly<Record<DecisionStage, DecisionStatus>>;

/** What is over settles what is reserved, and what has to be paid back, before nothing can happen any more. */
export const statusOf = (
  { stage, reservations }: Pick<Reservations, 'reservations'> & { readonly stage: DecisionStage },
  owedFen: number,
): DecisionStatus => (OVER_STAGES.some((over) => over === stage) && (reservations.length > 0 || owedFen > 0) ? 'settling' : STATUS[stage]);

/** Reserved or spent: what draws are out of. */
export const heldFenOf = (state: Reservations): number => reservedFenOf(state) + state.committedFen;
/** What the owners decided and nobody has asked for yet. */
export const availableFenOf = (state: Reservations & Pick<Opened, 'plan'>): number => state.plan.budgetFen - heldFenOf(state);
/** Was drawn for works that do not come, or cost less by now: it has to be paid back to the fund. */
export const owedFenOf = (state: Reservations & Pick<Opened, 'drawnFen'>): number => Math.max(0, state.drawnFen - heldFenOf(state));
