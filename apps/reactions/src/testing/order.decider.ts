import { accept, refuse, type Decider, type Reaction } from '@qiyue/engine';

/** An order of some places on a shelf, which is another entity. */
export type OrderCommand =
  | { readonly type: 'place'; readonly data: { readonly shelf: string; readonly count: number; readonly fits?: boolean } }
  | { readonly type: 'cancel'; readonly data: Record<string, never> }
  | { readonly type: 'mark'; readonly data: { readonly isBad: boolean } };
export type OrderEvent =
  | { readonly type: 'OrderPlaced'; readonly data: { readonly shelf: string; readonly count: number; readonly fits?: boolean } }
  | { readonly type: 'OrderCancelled'; readonly data: { readonly shelf: string } }
  | { readonly type: 'OrderMarked'; readonly data: { readonly isBad: boolean } };

interface OrderState {
  readonly phase: 'none' | 'placed' | 'cancelled';
  readonly shelf: string;
}

export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  aggregate: 'order',
  startsWith: 'place',
  initial: { phase: 'none', shelf: '' },
  decide: (command, { phase, shelf }) => {
    if (command.type === 'place') return phase === 'none' ? accept({ type: 'OrderPlaced', data: command.data }) : refuse('wrong-phase');
    if (phase !== 'placed') return refuse('wrong-phase');
    return accept(command.type === 'cancel' ? { type: 'OrderCancelled', data: { shelf } } : { type: 'OrderMarked', data: command.data });
  },
  evolve: (state, event) => {
    if (event.type === 'OrderPlaced') return { phase: 'placed', shelf: event.data.shelf };
    return event.type === 'OrderCancelled' ? { ...state, phase: 'cancelled' } : state;
  },
  due: () => null,
  isFinal: ({ phase }) => phase === 'cancelled',
  summary: ({ phase }) => ({ phase }),
};

/** A shelf that does not exist yet is put up, the places are reserved, and given back when the order is cancelled. */
export const orderReactions: readonly Reaction[] = [
  {
    name: 'put-up',
    on: ['OrderPlaced'],
    commands: ({ data }: OrderEvent) =>
      'fits' in data && data.fits === true ? [{ aggregate: 'shelf', entity: data.shelf, type: 'put-up', data: { places: 10 }, starts: true }] : [],
  } satisfies Reaction<OrderEvent>,
  {
    name: 'reserve',
    on: ['OrderPlaced'],
    commands: ({ data }: OrderEvent) =>
      'count' in data ? [{ aggregate: 'shelf', entity: data.shelf, type: 'reserve', data: { count: data.count } }] : [],
  } satisfies Reaction<OrderEvent>,
  {
    name: 'give-back',
    on: ['OrderCancelled'],
    commands: ({ data }: OrderEvent, { entity }) =>
      'shelf' in data ? ['note', 'give-back'].map((type) => ({ aggregate: 'shelf', entity: data.shelf, type, data: { order: entity } })) : [],
  } satisfies Reaction<OrderEvent>,
  {
    name: 'mark',
    on: ['OrderMarked'],
    commands: ({ data }: OrderEvent) => {
      if ('isBad' in data && data.isBad) throw new RangeError('a bug, planted for the tests');
      return [];
    },
  } satisfies Reaction<OrderEvent>,
];
