import { isAfter } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import type { Fact, ResourceEvent } from './resource.events';
import {
  ENDED_KEPT,
  isUsedUp,
  type EndedReservation,
  type Reservation,
  type Resource,
  type ResourceStage,
  type ResourceState,
} from './resource.state';

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: ResourceState, event: ResourceEvent): ResourceState => {
  switch (event.type) {
    case 'ResourceOffered':
      return offered(state, event);
    case 'ResourceChanged':
      return changed(at(state, event, ['offered']), event);
    case 'ResourceWithdrawn':
      return { ...at(state, event, ['offered']), stage: 'withdrawn' };
    case 'ResourceReserved':
      return reserved(at(state, event, ['offered']), event);
    case 'ReservationUsed':
      return used(at(state, event, ['offered', 'withdrawn']), event);
    case 'ReservationFreed':
      return ended(at(state, event, ['offered', 'withdrawn']), event, 'freed');
    default:
      return unreachable(event);
  }
};

const at = (state: ResourceState, { type }: ResourceEvent, stages: readonly ResourceStage[]): Resource => {
  if (state.stage === 'nonexistent' || !stages.includes(state.stage)) throw new Error(`corrupt stream: ${type} in ${state.stage}`);
  return state;
};

const offered = (state: ResourceState, { type, data }: Fact<'ResourceOffered'>): Resource => {
  if (state.stage !== 'nonexistent') throw new Error(`corrupt stream: ${type} in ${state.stage}`);
  const { kind, giver, giverRole, quantity, from = null, to = null } = data;
  return { stage: 'offered', kind, giver, giverRole, quantity, from, to, used: 0, reservations: [], ended: [] };
};

const changed = (state: Resource, { data }: Fact<'ResourceChanged'>): Resource => ({
  ...state,
  quantity: data.quantity ?? state.quantity,
  from: data.from ?? state.from,
  to: data.to ?? state.to,
});

/** What was used and is over holds nothing any more. */
export const stillHolding = <R extends Pick<Reservation, 'isUsed' | 'to'>>(reservations: readonly R[], now: string): readonly R[] =>
  reservations.filter(({ isUsed, to }) => !isUsed || isAfter(to, now));

const reserved = (state: Resource, { data }: Fact<'ResourceReserved'>): Resource => {
  const { reservationId, quantity, from, to, projectId = null, needId = null, reservedAt, reservedBy } = data;
  const made = { reservationId, quantity, from, to, projectId, needId, reservedAt, reservedBy, isUsed: false };
  return { ...state, reservations: [...stillHolding(state.reservations, reservedAt), made] };
};

type OnReservation = Fact<'ReservationUsed' | 'ReservationFreed'>;

const insistOn = ({ reservations }: Resource, { type, data: { reservationId } }: OnReservation): void => {
  if (!reservations.some((one) => one.reservationId === reservationId && !one.isUsed))
    throw new Error(`corrupt stream: ${type} of ${reservationId}, which is not reserved`);
};

const ended = (state: Resource, event: OnReservation, end: EndedReservation['end']): Resource => {
  insistOn(state, event);
  const { reservationId } = event.data;
  return {
    ...state,
    reservations: state.reservations.filter((one) => one.reservationId !== reservationId),
    ended: [...state.ended, { reservationId, end }].slice(-ENDED_KEPT),
  };
};

const used = (state: Resource, event: Fact<'ReservationUsed'>): Resource => {
  if (isUsedUp(state)) return { ...ended(state, event, 'used'), used: state.used + event.data.quantity };
  insistOn(state, event);
  const { reservationId } = event.data;
  return {
    ...state,
    reservations: state.reservations.map((one) => (one.reservationId === reservationId ? { ...one, isUsed: true } : one)),
    ended: [...state.ended, { reservationId, end: 'used' as const }].slice(-ENDED_KEPT),
  };
};
