import { accept, plusMs, refuse, unreachable, DAY_MS, type Context, type Decider, type Decision, type Due, type RulesContext } from '@qiyue/engine';
import type { LoanCommand, LoanEvent as FirstLoanEvent, LoanState as FirstLoanState } from './loan.decider';

/**
 * The loan with its second rules: a book is renewed three times at most, the reminder comes two days before the end, and what is lent says at which
 * desk. What was decided under the first rules is decided by this code as it was.
 */
export type LoanEvent =
  | Exclude<FirstLoanEvent, { readonly type: 'BookLent' }>
  | { readonly type: 'BookLent'; readonly version?: 2; readonly data: { readonly book: string; readonly dueAt: string; readonly desk?: string } };

interface Lent {
  readonly phase: 'lent' | 'overdue';
  readonly book: string;
  readonly dueAt: string;
  readonly renewals: number;
  readonly desk: string;
}
export type LoanState = { readonly phase: 'none' } | Lent | { readonly phase: 'back' };

const FOUR_WEEKS_MS = 28 * DAY_MS;
const FIRST_RENEWALS_MAX = 1_000_000;
const RENEWALS_MAX = 3;
const REMINDED_BEFORE_MS = 2 * DAY_MS;
const OLD_DESK = 'main';

const decide = (command: LoanCommand, state: LoanState, { now, rules, actor }: Context): Decision<LoanEvent> => {
  switch (command.type) {
    case 'lend': {
      if (state.phase !== 'none') return refuse('wrong-phase');
      if (command.data.book === '') return refuse('no-book');
      const data = { book: command.data.book, dueAt: plusMs(now, command.data.forMs ?? FOUR_WEEKS_MS) };
      return rules < 2
        ? accept({ type: 'BookLent', data })
        : accept({ type: 'BookLent', version: 2, data: { ...data, desk: actor.unit ?? OLD_DESK } });
    }
    case 'renew':
      if (state.phase !== 'lent') return refuse('wrong-phase');
      if (state.renewals >= (rules < 2 ? FIRST_RENEWALS_MAX : RENEWALS_MAX)) return refuse('renewed-too-often');
      return accept({ type: 'LoanRenewed', data: { dueAt: plusMs(now, FOUR_WEEKS_MS) } });
    case 'remind':
      return state.phase === 'lent' ? accept({ type: 'ReminderSent', data: {} }) : refuse('wrong-phase');
    case 'bring-back':
      return state.phase === 'lent' || state.phase === 'overdue' ? accept({ type: 'BookBroughtBack', data: {} }) : refuse('wrong-phase');
    case 'explode':
      throw new Error('a bug in the decider, planted for the tests');
    default:
      return unreachable(command);
  }
};

/** Gets every event in its newest form: the desk is there, also in what was lent under the first rules. */
const evolve = (state: LoanState, event: LoanEvent): LoanState => {
  switch (event.type) {
    case 'BookLent':
      return { phase: 'lent', book: event.data.book, dueAt: event.data.dueAt, renewals: 0, desk: event.data.desk ?? OLD_DESK };
    case 'LoanRenewed':
      return state.phase === 'lent' ? { ...state, dueAt: event.data.dueAt, renewals: state.renewals + 1 } : state;
    case 'ReminderSent':
      return state.phase === 'lent' ? { ...state, phase: 'overdue' } : state;
    case 'BookBroughtBack':
      return { phase: 'back' };
    default:
      return unreachable(event);
  }
};

const due = (state: LoanState, { rules }: RulesContext): Due<LoanCommand> | null => {
  if (state.phase !== 'lent') return null;
  return { at: rules < 2 ? state.dueAt : plusMs(state.dueAt, -REMINDED_BEFORE_MS), command: { type: 'remind', data: {} } };
};

const upcasters = { BookLent: [(data: object) => ({ ...data, desk: OLD_DESK })] };

/** A state of form 1, as a run of older code carried it on. It comes to what a fold of its records comes to. */
const migrate = (state: unknown): LoanState => {
  const before = state as FirstLoanState;
  return 'book' in before ? { ...before, desk: OLD_DESK } : before;
};

export const loanDecider: Decider<LoanState, LoanCommand, LoanEvent> = {
  aggregate: 'loan',
  rules: 2,
  startsWith: 'lend',
  initial: { phase: 'none' },
  stateVersion: 2,
  migrate,
  upcasters,
  decide,
  evolve,
  due,
  isFinal: (state) => state.phase === 'back',
  summary: (state) => ({ phase: state.phase }),
};
