import type { DeadlineClock } from '@qiyue/civic-domain';
import { SIDES, type Duties, type Item, type OfItem, type Parties, type Side } from './contract.commands';
import type { TimedStage } from './contract.events';

/** What one side wants changed, with the terms that it would replace. */
export interface Amendment {
  readonly side: Side;
  readonly items: readonly Item[];
  readonly duties: Duties;
  readonly endsOn: string;
}
/** That a side has evaluated; what it said is nobody's business here. */
export interface Evaluated {
  readonly side: Side;
  /** Null: the whole contract. */
  readonly itemId: string | null;
}
export interface Termination {
  readonly side: Side;
  readonly effectiveAt: string;
}

export interface Existing extends Parties {
  readonly items: readonly Item[];
  /** How many items there ever were: the next one's number is one more. */
  readonly itemsEver: number;
  readonly finished: readonly string[];
  readonly duties: Duties;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly endsAt: string;
  readonly evaluated: readonly Evaluated[];
}
interface Timed<S extends TimedStage> extends Existing {
  readonly stage: S;
  readonly dueAt: string | null;
  readonly clock: DeadlineClock | null;
}
export interface Proposed extends Timed<'proposed'> {
  readonly signed: readonly Side[];
  readonly amendment: Amendment | null;
}
/** The deadline for the evaluations of a finished item. */
export interface ItemClock extends OfItem {
  readonly clock: DeadlineClock;
}
export interface InForce extends Timed<'in-force'> {
  readonly itemClocks: readonly ItemClock[];
  readonly amendment: Amendment | null;
  readonly termination: Termination | null;
}
export type Evaluating = Timed<'evaluating'>;
export type Outcome = 'evaluated' | 'lapsed' | 'unsigned' | 'withdrawn' | 'terminated';
export interface Closed extends Existing {
  readonly stage: 'closed';
  readonly outcome: Outcome;
}

/** One variant per stage. */
export type ContractState = { readonly stage: 'nonexistent' } | Proposed | InForce | Evaluating | Closed;
/** Stages of a contract that exists. */
export type ContractStage = Exclude<ContractState['stage'], 'nonexistent'>;
export const STATUSES = [
  ...(['awaiting-signatures', 'awaiting-second-signature', 'running', 'under-notice', 'awaiting-evaluations'] as const),
  ...(['evaluated', 'lapsed', 'unsigned', 'withdrawn', 'terminated'] as const satisfies readonly Outcome[]),
] as const;
/** The same in finer words: whose signature is missing, whether notice was given, how it ended. */
export type ContractStatus = (typeof STATUSES)[number];
/** The state in one of some stages. */
export type At<S extends ContractState['stage']> = Extract<ContractState, { stage: S }>;

/** In one contract at once. */
export const ITEMS_MAX = 50;

export const nonexistent: ContractState = { stage: 'nonexistent' };

export const isAt = <S extends ContractState['stage']>(state: ContractState, stages: readonly S[]): state is At<S> =>
  stages.some((stage) => stage === state.stage);

export const statusOf = (state: Exclude<ContractState, { stage: 'nonexistent' }>): ContractStatus => {
  switch (state.stage) {
    case 'proposed':
      return state.signed.length === 0 ? 'awaiting-signatures' : 'awaiting-second-signature';
    case 'in-force':
      return state.termination === null ? 'running' : 'under-notice';
    case 'evaluating':
      return 'awaiting-evaluations';
    case 'closed':
      return state.outcome;
  }
};

export const partiesOf = ({ unit, community, year }: Parties): Parties => ({ unit, community, year });
export const otherSide = (side: Side): Side => (side === 'community' ? 'unit' : 'community');

export const hasEvaluated = ({ evaluated }: Pick<Existing, 'evaluated'>, side: Side, itemId: string | null): boolean =>
  evaluated.some((one) => one.side === side && one.itemId === itemId);

/** Both sides have evaluated the item. */
export const isEvaluated = (state: Pick<Existing, 'evaluated'>, itemId: string): boolean => SIDES.every((side) => hasEvaluated(state, side, itemId));

/** Evaluations that are still to come: each side's of the contract, and each side's of every item that was finished. */
export const missingEvaluations = (state: Pick<Existing, 'evaluated' | 'finished'>): readonly Evaluated[] =>
  SIDES.flatMap((side) => [null, ...state.finished].filter((itemId) => !hasEvaluated(state, side, itemId)).map((itemId) => ({ side, itemId })));
