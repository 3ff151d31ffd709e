import { accept, refuse, unreachable, type Decider, type Decision } from '@qiyue/engine';

/** An order that is paid out of one purse, or of two: its own and one for the fee. */
export type OrderCommand =
  | { readonly type: 'place'; readonly data: { readonly purses: readonly string[]; readonly priceFen: number } }
  | { readonly type: 'reprice'; readonly data: { readonly priceFen: number } }
  | { readonly type: 'move'; readonly data: { readonly purses: readonly string[] } }
  /** `reservation` and `purses` come from the plan. */
  | { readonly type: 'pay'; readonly data: { readonly priceFen: number; readonly reservation?: string; readonly purses?: readonly string[] } }
  | { readonly type: 'cancel'; readonly data: Record<string, never> };

export type OrderEvent =
  | { readonly type: 'OrderPlaced'; readonly data: { readonly purses: readonly string[]; readonly priceFen: number } }
  | { readonly type: 'OrderRepriced'; readonly data: { readonly priceFen: number } }
  | { readonly type: 'OrderMoved'; readonly data: { readonly purses: readonly string[] } }
  | { readonly type: 'OrderPaid'; readonly data: { readonly priceFen: number; readonly reservation: string | null } }
  | { readonly type: 'OrderCancelled'; readonly data: Record<string, never> };

export interface OrderState {
  readonly phase: 'none' | 'placed' | 'paid' | 'cancelled';
  readonly purses: readonly string[];
  readonly priceFen: number;
  readonly paidFrom: string | null;
}

const decide = (command: OrderCommand, state: OrderState): Decision<OrderEvent> => {
  if (command.type === 'place') return state.phase === 'none' ? accept({ type: 'OrderPlaced', data: command.data }) : refuse('wrong-phase');
  if (state.phase !== 'placed') return refuse('wrong-phase', { phase: state.phase });
  switch (command.type) {
    case 'reprice':
      return accept({ type: 'OrderRepriced', data: command.data });
    case 'move':
      return accept({ type: 'OrderMoved', data: command.data });
    case 'pay':
      return pay(command.data, state);
    case 'cancel':
      return accept({ type: 'OrderCancelled', data: {} });
    default:
      return unreachable(command);
  }
};

/** What the plan took from the state is held against the state of now; that anything was reserved is not asked, so that a test sees what the saga alone does. */
const pay = ({ priceFen, reservation, purses }: Extract<OrderCommand, { readonly type: 'pay' }>['data'], state: OrderState): Decision<OrderEvent> => {
  if (priceFen !== 0 && priceFen !== state.priceFen) return refuse('wrong-price', { priceFen: state.priceFen });
  if (purses !== undefined && purses.join() !== state.purses.join()) return refuse('moved-meanwhile');
  return accept({ type: 'OrderPaid', data: { priceFen, reservation: reservation ?? null } });
};

const evolve = (state: OrderState, event: OrderEvent): OrderState => {
  switch (event.type) {
    case 'OrderPlaced':
      return { ...state, ...event.data, phase: 'placed' };
    case 'OrderRepriced':
    case 'OrderMoved':
      return { ...state, ...event.data };
    case 'OrderPaid':
      return { ...state, phase: 'paid', paidFrom: event.data.reservation };
    case 'OrderCancelled':
      return { ...state, phase: 'cancelled' };
    default:
      return unreachable(event);
  }
};

export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  aggregate: 'order',
  startsWith: 'place',
  initial: { phase: 'none', purses: [], priceFen: 0, paidFrom: null },
  decide,
  evolve,
  due: () => null,
  isFinal: ({ phase }) => phase === 'cancelled',
  summary: ({ phase }) => ({ phase }),
};
