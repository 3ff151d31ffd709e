import { isAfter } from '@qiyue/civic-domain';
import { accept, entityIdOf, laterOf, refuse, type Context } from '@qiyue/engine';
import type { Do, Purpose } from '../resource.commands';
import { invalidBody, isQuantity, type ResourceDecision, type Rule } from '../resource.decision';
import { isUsedUp, promisedIn, RESERVATIONS_MAX, rivalsOf, type EndedReservation, type Reservation, type Resource } from '../resource.state';
import { isWithin } from './offer.rules';

/** The open reservation of that id, or what became of it; null where nobody knows it. */
const knownAs = ({ reservations, ended }: Resource, id: string): Reservation | EndedReservation['end'] | null => {
  const held = reservations.find(({ reservationId }) => reservationId === id);
  if (held !== undefined) return held.isUsed ? 'used' : held;
  return ended.find(({ reservationId }) => reservationId === id)?.end ?? null;
};

const purposeOf = ({ projectId, needId }: Pick<Reservation, 'projectId' | 'needId'>): Purpose => ({
  ...(projectId === null ? {} : { projectId }),
  ...(needId === null ? {} : { needId }),
});

/** Never more than there is at any instant of its span. It begins when it is made, at the earliest: what is over cannot be promised. */
export const reserve: Rule<'reserve'> = ({ data }, state, { now, actor, entity, commandId }) => {
  const { quantity = 1, projectId, needId, to } = data;
  if (!isQuantity(quantity)) return invalidBody('quantity');
  if (projectId !== undefined && needId !== undefined) return invalidBody('needId');
  if (!isAfter(to, data.from)) return invalidBody('to');
  const reservationId = 'reservationId' in data ? data.reservationId : entityIdOf('reservation', entity, commandId);
  const known = knownAs(state, reservationId);
  if (typeof known === 'string') return refuse('reservation-ended', { reservationId, end: known });
  if (known !== null) return isSame(known, data, quantity) ? accept() : refuse('reservation-differs', { reservationId });
  if (!isAfter(to, now)) return refuse('too-late', { until: to });
  const span = { from: laterOf(data.from, now), to };
  if (!isWithin(span, state)) return refuse('not-available', { from: state.from ?? '–', to: state.to ?? '–' });
  const free = state.quantity - promisedIn(state, span);
  if (quantity > free) return refuse('taken', { free, asked: quantity, overlaps: inWords(rivalsOf(state.kind, state.reservations, span)) });
  if (state.reservations.length >= RESERVATIONS_MAX) return refuse('too-many-reservations', { max: RESERVATIONS_MAX });
  const purpose = purposeOf({ projectId: projectId ?? null, needId: needId ?? null });
  return accept({
    type: 'ResourceReserved',
    data: { reservationId, ...purpose, giver: state.giver, quantity, ...span, reservedAt: now, reservedBy: actor.unit },
  });
};

const isSame = (known: Reservation, { from, to, projectId, needId }: Do<'reserve'>['data'], quantity: number): boolean =>
  known.to === to &&
  known.from === laterOf(from, known.reservedAt) &&
  known.quantity === quantity &&
  known.projectId === (projectId ?? null) &&
  known.needId === (needId ?? null);

const SHOWN_MAX = 5;
/** What stands in the way, so that whoever asked can choose another time. */
const inWords = (rivals: readonly Reservation[]): string =>
  rivals
    .slice(0, SHOWN_MAX)
    .map(({ from, to, quantity }) => `${from} – ${to}: ${quantity}`)
    .concat(rivals.length > SHOWN_MAX ? ['…'] : [])
    .join('; ');

/** What is used up is gone, but for what was not needed; what comes back is held until its span is over. */
export const use: Rule<'use'> = ({ data: { reservationId, quantity } }, state, context) => {
  const held = heldIn(state, reservationId, 'used', context);
  if ('ok' in held) return held;
  const { quantity: reserved } = held;
  if (quantity !== undefined && !isQuantity(quantity, 0)) return invalidBody('quantity');
  const used = isUsedUp(state) ? (quantity ?? reserved) : reserved;
  if (used > reserved) return refuse('over-reservation', { reserved });
  return accept({
    type: 'ReservationUsed',
    data: { reservationId, ...purposeOf(held), giver: state.giver, quantity: used, returned: reserved - used },
  });
};

export const free: Rule<'free'> = ({ data: { reservationId, reason } }, state, context) => {
  const held = heldIn(state, reservationId, 'freed', context);
  if ('ok' in held) return held;
  const { quantity } = held;
  const why = reason === undefined ? {} : { reason };
  return accept({ type: 'ReservationFreed', data: { reservationId, ...purposeOf(held), giver: state.giver, quantity, ...why } });
};

/**
 * The open reservation, or what there is to say where there is none. A process of ours only tells what became of a project: meanwhile a person may have
 * freed or used it, which is no contradiction, and taking back what is not there takes nothing back.
 */
const heldIn = (state: Resource, reservationId: string, wanted: EndedReservation['end'], { actor }: Context): Reservation | ResourceDecision => {
  const known = knownAs(state, reservationId);
  if (known !== null && typeof known !== 'string') return known;
  if (known === wanted || actor.role === 'system') return accept();
  return known === null ? refuse('no-such-reservation', { reservationId }) : refuse('reservation-ended', { reservationId, end: known });
};
