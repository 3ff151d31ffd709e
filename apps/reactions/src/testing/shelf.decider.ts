import { accept, refuse, type Decider } from '@qiyue/engine';

/** A shelf with so many places. It counts whatever it is told, so that nothing can be told twice unseen. */
export type ShelfCommand =
  | { readonly type: 'put-up'; readonly data: { readonly places: number } }
  | { readonly type: 'reserve'; readonly data: { readonly count: number } }
  | { readonly type: 'note' | 'give-back'; readonly data: { readonly order: string } };
export type ShelfEvent =
  | { readonly type: 'ShelfPutUp'; readonly data: { readonly places: number } }
  | { readonly type: 'PlacesReserved'; readonly data: { readonly count: number } }
  | { readonly type: 'ShelfNoted' | 'PlaceGivenBack'; readonly data: { readonly order: string } };

interface ShelfState {
  readonly exists: boolean;
  readonly free: number;
}

const PLAIN = { note: 'ShelfNoted', 'give-back': 'PlaceGivenBack' } as const;

export const shelfDecider: Decider<ShelfState, ShelfCommand, ShelfEvent> = {
  aggregate: 'shelf',
  startsWith: 'put-up',
  initial: { exists: false, free: 0 },
  decide: (command, { exists, free }) => {
    if (command.type === 'put-up') return exists ? refuse('wrong-phase') : accept({ type: 'ShelfPutUp', data: command.data });
    if (!exists) return refuse('wrong-phase');
    if (command.type !== 'reserve') return accept({ type: PLAIN[command.type], data: command.data });
    return command.data.count > free ? refuse('full') : accept({ type: 'PlacesReserved', data: command.data });
  },
  evolve: (state, event) => {
    if (event.type === 'ShelfPutUp') return { exists: true, free: event.data.places };
    if (event.type === 'PlacesReserved') return { ...state, free: state.free - event.data.count };
    return event.type === 'PlaceGivenBack' ? { ...state, free: state.free + 1 } : state;
  },
  due: () => null,
  isFinal: () => false,
  summary: ({ free }) => ({ free: String(free) }),
};
