import { accept, refuse, unreachable, type Decider, type Decision } from '@qiyue/engine';

/** Money that is set aside before it is spent. Reserving twice under one name sets twice as much aside, so that a doubled step shows. */
export type PurseCommand =
  | { readonly type: 'open'; readonly data: { readonly amountFen: number } }
  | { readonly type: 'reserve'; readonly data: { readonly reservation: string; readonly amountFen: number } }
  | { readonly type: 'release'; readonly data: { readonly reservation: string } }
  | { readonly type: 'close'; readonly data: Record<string, never> };

export type PurseEvent =
  | { readonly type: 'PurseOpened'; readonly data: { readonly amountFen: number } }
  | { readonly type: 'MoneyReserved'; readonly data: { readonly reservation: string; readonly amountFen: number } }
  | { readonly type: 'MoneyReleased'; readonly data: { readonly reservation: string } }
  | { readonly type: 'PurseClosed'; readonly data: Record<string, never> };

export interface PurseState {
  readonly phase: 'none' | 'open' | 'closed';
  readonly freeFen: number;
  readonly reservedFen: Readonly<Record<string, number>>;
}

const decide = (command: PurseCommand, state: PurseState): Decision<PurseEvent> => {
  if (command.type === 'open') return state.phase === 'none' ? accept({ type: 'PurseOpened', data: command.data }) : refuse('wrong-phase');
  if (state.phase !== 'open') return refuse('purse-closed');
  switch (command.type) {
    case 'reserve':
      if (command.data.amountFen > state.freeFen) return refuse('over-budget', { freeFen: state.freeFen });
      return accept({ type: 'MoneyReserved', data: command.data });
    case 'release':
      return state.reservedFen[command.data.reservation] === undefined ? accept() : accept({ type: 'MoneyReleased', data: command.data });
    case 'close':
      return accept({ type: 'PurseClosed', data: {} });
    default:
      return unreachable(command);
  }
};

const evolve = (state: PurseState, event: PurseEvent): PurseState => {
  switch (event.type) {
    case 'PurseOpened':
      return { ...state, phase: 'open', freeFen: event.data.amountFen };
    case 'MoneyReserved': {
      const { reservation, amountFen } = event.data;
      const before = state.reservedFen[reservation] ?? 0;
      return { ...state, freeFen: state.freeFen - amountFen, reservedFen: { ...state.reservedFen, [reservation]: before + amountFen } };
    }
    case 'MoneyReleased': {
      const { [event.data.reservation]: back = 0, ...reservedFen } = state.reservedFen;
      return { ...state, freeFen: state.freeFen + back, reservedFen };
    }
    case 'PurseClosed':
      return { ...state, phase: 'closed' };
    default:
      return unreachable(event);
  }
};

export const purseDecider: Decider<PurseState, PurseCommand, PurseEvent> = {
  aggregate: 'purse',
  startsWith: 'open',
  initial: { phase: 'none', freeFen: 0, reservedFen: {} },
  decide,
  evolve,
  due: () => null,
  isFinal: ({ phase }) => phase === 'closed',
  summary: ({ phase }) => ({ phase }),
};
