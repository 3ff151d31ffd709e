import { accept, plusMs, refuse, unreachable, DAY_MS, type Context, type Decider, type Decision } from '@qiyue/engine';

/** A book lent by a library: the smallest decider that has a life, a deadline and an end. Nothing here knows the engine's inside. */
export type LoanCommand =
  | { readonly type: 'lend'; readonly data: { readonly book: string; readonly forMs?: number } }
  | { readonly type: 'renew'; readonly data: Record<string, never> }
  | { readonly type: 'remind'; readonly data: Record<string, never> }
  | { readonly type: 'bring-back'; readonly data: Record<string, never> }
  | { readonly type: 'explode'; readonly data: Record<string, never> };

export type LoanEvent =
  | { readonly type: 'BookLent'; readonly data: { readonly book: string; readonly dueAt: string } }
  | { readonly type: 'LoanRenewed'; readonly data: { readonly dueAt: string } }
  | { readonly type: 'ReminderSent'; readonly data: Record<string, never> }
  | { readonly type: 'BookBroughtBack'; readonly data: Record<string, never> };

export type LoanState =
  | { readonly phase: 'none' }
  | { readonly phase: 'lent' | 'overdue'; readonly book: string; readonly dueAt: string; readonly renewals: number }
  | { readonly phase: 'back' };

const FOUR_WEEKS_MS = 28 * DAY_MS;
const RENEWALS_MAX = 1_000_000;

const decide = (command: LoanCommand, state: LoanState, { now }: Context): Decision<LoanEvent> => {
  switch (command.type) {
    case 'lend':
      if (state.phase !== 'none') return refuse('wrong-phase');
      if (command.data.book === '') return refuse('no-book');
      return accept({ type: 'BookLent', data: { book: command.data.book, dueAt: plusMs(now, command.data.forMs ?? FOUR_WEEKS_MS) } });
    case 'renew':
      if (state.phase !== 'lent') return refuse('wrong-phase');
      if (state.renewals >= RENEWALS_MAX) return refuse('renewed-too-often');
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

const evolve = (state: LoanState, event: LoanEvent): LoanState => {
  switch (event.type) {
    case 'BookLent':
      return { phase: 'lent', book: event.data.book, dueAt: event.data.dueAt, renewals: 0 };
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

export const loanDecider: Decider<LoanState, LoanCommand, LoanEvent> = {
  aggregate: 'loan',
  startsWith: 'lend',
  initial: { phase: 'none' },
  decide,
  evolve,
  due: (state) => (state.phase === 'lent' ? { at: state.dueAt, command: { type: 'remind', data: {} } } : null),
  isFinal: (state) => state.phase === 'back',
  summary: (state) => ({ phase: state.phase }),
};
