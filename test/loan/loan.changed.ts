import { refuse, type Decider } from '@qiyue/engine';
import { loanDecider, type LoanCommand, type LoanEvent, type LoanState } from './loan.decider';

/** Nothing is renewed any more, and nobody said that the rules have changed. */
export const changedLoan: Decider<LoanState, LoanCommand, LoanEvent> = {
  ...loanDecider,
  decide: (command, state, context) => (command.type === 'renew' ? refuse('renewed-too-often') : loanDecider.decide(command, state, context)),
};

/** Nobody is reminded any more: the timers of the histories are not asked for. */
export const loanWithoutTimers: Decider<LoanState, LoanCommand, LoanEvent> = { ...loanDecider, due: () => null };
