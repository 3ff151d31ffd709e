import { insistOnNext } from '@qiyue/civic-views';
import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import { isUsedUp, statusOf, stillHolding, type Fact, type ResourceEvent } from '@qiyue/resource-domain';
import type { ResourceView } from './resource-view';

/**
 * The next version of a resource's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another entity's record, a gap, a broken hash link, an event that its stage cannot have.
 */
export const foldResourceView = (view: ResourceView | null, record: RecordBody): ResourceView => {
  insistOnNext('resource', view && { ...view, id: view.resourceId }, record);
  const event = eventOf<ResourceEvent>(record);
  const next = view === null ? offered(event, record) : { ...view, ...change(view, event, record.time) };
  return { ...next, status: statusOf(next), seq: record.seq, updatedAt: record.time, hash: sealRecord(record).hash };
};

const offered = ({ type, data }: ResourceEvent, { entity, time }: RecordBody): ResourceView => {
  if (type !== 'ResourceOffered') throw new Error(`corrupt stream ${entity}: ${type} before ResourceOffered`);
  const { kind, name, giver, giverRole, quantity, unit, from = null, to = null } = data;
  const { community = null, compound = null, conditions = null, skills = [], contact = null } = data;
  return {
    ...{ resourceId: entity, seq: 0, stage: 'offered', status: 'free', kind, name, giver, giverRole, quantity, unit, used: 0, from, to },
    ...{ community, compound, conditions, skills, contact, reservations: [], withdrawnAt: null, reason: null },
    ...{ createdAt: time, updatedAt: time, hash: '' },
  };
};

const change = (view: ResourceView, event: ResourceEvent, at: string): Partial<ResourceView> => {
  if (view.stage === 'withdrawn' && event.type !== 'ReservationUsed' && event.type !== 'ReservationFreed')
    throw new Error(`corrupt stream ${view.resourceId}: ${event.type} in ${view.stage}`);
  switch (event.type) {
    case 'ResourceChanged':
      return changed(event);
    case 'ResourceWithdrawn':
      return { stage: 'withdrawn', withdrawnAt: at, reason: event.data.reason ?? null };
    case 'ResourceReserved':
      return reserved(view, event);
    case 'ReservationUsed':
      return isUsedUp(view) ? { ...without(view, event), used: view.used + event.data.quantity } : inUse(view, event);
    case 'ReservationFreed':
      return without(view, event);
    case 'ResourceOffered':
      throw new Error(`corrupt stream ${view.resourceId}: ResourceOffered twice`);
    default:
      return unreachable(event);
  }
};

/** Named one by one, so that nothing else in a record can get into a document. */
const CHANGEABLE = ['name', 'quantity', 'unit', 'from', 'to', 'community', 'compound', 'conditions', 'skills', 'contact'] as const;
const changed = ({ data }: Fact<'ResourceChanged'>): Partial<ResourceView> =>
  Object.fromEntries(CHANGEABLE.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));

const reserved = ({ reservations }: ResourceView, { data }: Fact<'ResourceReserved'>): Partial<ResourceView> => {
  const { reservationId, quantity, from, to, projectId = null, needId = null, reservedAt, reservedBy } = data;
  const made = { reservationId, quantity, from, to, projectId, needId, reservedAt, reservedBy, isUsed: false };
  return { reservations: [...stillHolding(reservations, reservedAt), made] };
};

type OnReservation = Fact<'ReservationUsed' | 'ReservationFreed'>;

const insistOn = ({ reservations, resourceId }: ResourceView, { data: { reservationId } }: OnReservation): void => {
  if (!reservations.some((one) => one.reservationId === reservationId))
    throw new Error(`corrupt stream ${resourceId}: ${reservationId} is not reserved`);
};
const without = (view: ResourceView, event: OnReservation): Partial<ResourceView> => {
  insistOn(view, event);
  return { reservations: view.reservations.filter(({ reservationId }) => reservationId !== event.data.reservationId) };
};
const inUse = (view: ResourceView, event: OnReservation): Partial<ResourceView> => {
  insistOn(view, event);
  return { reservations: view.reservations.map((one) => (one.reservationId === event.data.reservationId ? { ...one, isUsed: true } : one)) };
};
