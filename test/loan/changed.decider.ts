import { accept, HOUR_MS, plusMs, refuse, type Context, type Decision } from '@qiyue/engine';
import { loanDecider, type LoanCommand, type LoanEvent, type LoanState } from './loan.decider';

type Loans = typeof loanDecider;

/** Later rules for lending; which of them a loan shows goes by its book, so that one change shows every kind. */
const decideLater = (command: LoanCommand, state: LoanState, context: Context): Decision<LoanEvent> => {
  const book = 'book' in state ? state.book : '';
  if (book === 'refuses-now' && command.type === 'renew') return refuse('renewed-too-often');
  if (book === 'accepts-now' && command.type === 'lend') return accept({ type: 'LoanRenewed', data: { dueAt: plusMs(context.now, HOUR_MS) } });
  const decision = loanDecider.decide(command, state, context);
  if (book !== 'gains-a-field' || !decision.ok) return decision;
  return accept(...decision.events.map((event) => ({ ...event, data: { ...event.data, note: 'new' } }) as unknown as LoanEvent));
};

const dueLater: Loans['due'] = (state, context) => {
  const due = loanDecider.due(state, context);
  return due !== null && 'book' in state && state.book === 'reminds-later' ? { ...due, at: plusMs(due.at, HOUR_MS) } : due;
};

/** The same records, and another state: `folds-otherwise` counts renewals that nobody asked for, `state-gains` has a field more. */
const evolveLater: Loans['evolve'] = (state, event, context) => {
  const next = loanDecider.evolve(state, event, context);
  if (!('book' in next)) return next;
  if (next.book === 'folds-otherwise') return { ...next, renewals: 7 };
  return next.book === 'state-gains' ? { ...next, ...{ desk: 'main' } } : next;
};

/** The mistake: other rules under the same version. */
export const changedDecider: Loans = { ...loanDecider, decide: decideLater, evolve: evolveLater, due: dueLater };

/** The same change, declared. */
export const declaredDecider: Loans = {
  ...loanDecider,
  rules: 2,
  decide: (command, state, context) => (context.rules >= 2 ? decideLater : loanDecider.decide)(command, state, context),
  due: (state, context) => (context.rules >= 2 ? dueLater : loanDecider.due)(state, context),
};
