import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import {
  resourceDecider,
  type Do,
  type Fact,
  type ResourceCommand,
  type ResourceCommandType,
  type ResourceEvent,
  type ResourceState,
} from '../index';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const roads: Actor = { id: 'rod', role: 'department', unit: 'Roads' };
export const lakeside: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const saga: Actor = { id: 'saga', role: 'system', unit: null };
export const clock = CLOCK_ACTOR;

export const at = (day: number, hour = 0): string => `2024-07-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000+08:00`;
export const NOW = at(1, 8);
export const END = at(31);

/** One well-formed body for each command, for two lifts of Water. */
const BODIES: { readonly [T in ResourceCommandType]: Do<T>['data'] } = {
  offer: { kind: 'equipment', name: 'Lorry with a lift', quantity: 2, unit: 'piece', to: END },
  change: { conditions: 'three days ahead' },
  withdraw: { reason: 'in repair' },
  reserve: { reservationId: 'r2', from: at(20), to: at(21), quantity: 1 },
  use: { reservationId: 'r1' },
  free: { reservationId: 'r1' },
  expire: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly ResourceCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends ResourceCommandType>(type: T, data?: Do<T>['data']): Do<T> =>
  ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The actor whom the rules mean for a command on what Water gives and Roads has reserved. */
export const rightActorFor = ({ type }: Pick<ResourceCommand, 'type'>): Actor => (type === 'expire' ? clock : type === 'reserve' ? roads : water);

export const offered: Fact<'ResourceOffered'> = {
  type: 'ResourceOffered',
  data: { kind: 'equipment', name: 'Lorry with a lift', giver: 'Water', giverRole: 'department', quantity: 2, unit: 'piece', to: END },
};
/** 100 bags that are used up. */
export const bags: Fact<'ResourceOffered'> = {
  type: 'ResourceOffered',
  data: { kind: 'materials', name: 'Cement', giver: 'Water', giverRole: 'department', quantity: 100, unit: 'bag' },
};
export const reserved = (over: Partial<Fact<'ResourceReserved'>['data']> = {}): Fact<'ResourceReserved'> => ({
  type: 'ResourceReserved',
  data: { reservationId: 'r1', giver: 'Water', quantity: 1, from: at(10), to: at(12), reservedAt: NOW, reservedBy: 'Roads', ...over },
});
export const used = (over: Partial<Fact<'ReservationUsed'>['data']> = {}): Fact<'ReservationUsed'> => ({
  type: 'ReservationUsed',
  data: { reservationId: 'r1', giver: 'Water', quantity: 1, returned: 0, ...over },
});
export const freed: Fact<'ReservationFreed'> = { type: 'ReservationFreed', data: { reservationId: 'r1', giver: 'Water', quantity: 1 } };
export const withdrawn: Fact<'ResourceWithdrawn'> = { type: 'ResourceWithdrawn', data: { giver: 'Water', cause: 'by-hand', reason: 'in repair' } };

/** A past for each status that a resource can rest in. */
export const PASTS: Readonly<Record<string, readonly ResourceEvent[]>> = {
  nonexistent: [],
  'offered/free': [offered],
  'offered/reserved': [offered, reserved()],
  'offered/used-up': [bags, reserved({ quantity: 100 }), used({ quantity: 100 })],
  'withdrawn/settling': [offered, reserved(), withdrawn],
  'withdrawn/ended': [offered, withdrawn],
};

/** `evolve`, as a step for `reduce`. */
export const evolve = (state: ResourceState, event: ResourceEvent): ResourceState => resourceDecider.evolve(state, event, { rules: 1 });
export const stateAfter = (past: readonly ResourceEvent[]): ResourceState => past.reduce(evolve, resourceDecider.initial);
