import { accept, refuse, type Decision } from '@qiyue/engine';
import { isAmountFen } from './money';

/** Money that waits for the works of a need. The id is chosen by whoever reserves, once and for ever. */
export interface Reservation {
  readonly reservationId: string;
  readonly needId: string;
  readonly amountFen: number;
  /** How often whoever reserved has changed its mind; absent for 0. */
  readonly revision?: number;
}
export interface EndedReservation {
  readonly reservationId: string;
  readonly end: 'committed' | 'released';
}

/** What every entity that money is reserved in knows of it. */
export interface Reservations {
  /** Those that have not ended. */
  readonly reservations: readonly Reservation[];
  /** The newest `ENDED_KEPT`, so that a step of funding that comes again under another command id is told from a new one. */
  readonly ended: readonly EndedReservation[];
  /** Spent, of all reservations that ended so. */
  readonly committedFen: number;
}

/** How many ended reservations are remembered. What a command was answered is remembered by the engine for ever. */
export const ENDED_KEPT = 200;
/** At once; those that ended do not count. */
export const RESERVATIONS_MAX = 1_000;

export const NO_RESERVATIONS: Reservations = { reservations: [], ended: [], committedFen: 0 };

type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };
type OfMoney = Pick<Reservation, 'reservationId' | 'needId' | 'amountFen'>;
/** What moves, in fen; an aggregate adds to `data` what its other events name. */
export type MoneyEvent =
  | Of<'FundsReserved', OfMoney>
  | Of<'ReservationResized', OfMoney & { readonly beforeFen: number; readonly revision?: number }>
  | Of<'FundsCommitted', OfMoney & { readonly returnedFen: number }>
  | Of<'FundsReleased', OfMoney>;

export type MoneyRefusal =
  | 'invalid-body'
  | 'no-such-reservation'
  | 'reservation-differs' // the id is taken by another need or amount
  | 'reservation-ended' // it was committed or released before
  | 'over-reservation' // more would be spent than was reserved
  | 'too-many-reservations';
export type MoneyDecision<R extends string> = Decision<MoneyEvent, R | MoneyRefusal>;

export interface ResizeRequest {
  readonly reservationId: string;
  readonly amountFen: number;
  readonly revision?: number;
  readonly beforeFen?: number;
  readonly beforeRevision?: number;
}

export const reservedFenOf = ({ reservations }: Pick<Reservations, 'reservations'>): number =>
  reservations.reduce((sum, { amountFen }) => sum + amountFen, 0);

const openIn = ({ reservations }: Reservations, id: string): Reservation | null =>
  reservations.find(({ reservationId }) => reservationId === id) ?? null;
const endOf = ({ ended }: Reservations, id: string): EndedReservation['end'] | null =>
  ended.find(({ reservationId }) => reservationId === id)?.end ?? null;
const badAmount = { code: 'invalid-body', detail: { field: 'amountFen' } } as const;

/** `bound` refuses what would be held more than before; null where it fits. */
type Bound<R extends string> = (moreFen: number) => Extract<Decision<never, R>, { ok: false }> | null;

/** Said again, it is silent; with another need or amount it is refused. */
export const reserveIn = <R extends string>(
  money: Reservations,
  { reservationId, needId, amountFen }: OfMoney,
  bound: Bound<R>,
): MoneyDecision<R> => {
  if (!isAmountFen(amountFen)) return { ok: false, refusal: badAmount };
  const [known, end] = [openIn(money, reservationId), endOf(money, reservationId)];
  if (known !== null) return known.needId === needId && known.amountFen === amountFen ? accept() : refuse('reservation-differs', { reservationId });
  if (end !== null) return refuse('reservation-ended', { reservationId, end });
  const refused = bound(amountFen);
  if (refused !== null) return refused;
  if (money.reservations.length >= RESERVATIONS_MAX) return refuse('too-many-reservations', { max: RESERVATIONS_MAX });
  return accept({ type: 'FundsReserved', data: { reservationId, needId, amountFen } });
};

/**
 * The reservation holds so much from now on. An amount may come again, so what has to be as it was is held against its revision too.
 */
export const resizeIn = <R extends string>(money: Reservations, asked: ResizeRequest, bound: Bound<R>): MoneyDecision<R> => {
  const { reservationId, amountFen, beforeFen, beforeRevision = 0 } = asked;
  if (!isAmountFen(amountFen)) return { ok: false, refusal: badAmount };
  const held = openIn(money, reservationId);
  if (held === null) return missing(money, reservationId);
  const { revision: revisionNow = 0 } = held;
  const { revision = revisionNow } = asked;
  if (beforeFen !== undefined && (held.amountFen !== beforeFen || revisionNow !== beforeRevision))
    return refuse('reservation-differs', { reservationId });
  if (held.amountFen === amountFen && revisionNow === revision) return accept();
  const refused = bound(amountFen - held.amountFen);
  if (refused !== null) return refused;
  const data = { reservationId, needId: held.needId, beforeFen: held.amountFen, amountFen };
  return accept({ type: 'ReservationResized', data: revision === revisionNow ? data : { ...data, revision } });
};

/** Spends up to what is held; the rest is given back. */
export const commitIn = (money: Reservations, { reservationId, amountFen }: Pick<OfMoney, 'reservationId' | 'amountFen'>): MoneyDecision<never> => {
  if (!isAmountFen(amountFen, 0)) return { ok: false, refusal: badAmount };
  const held = openIn(money, reservationId);
  if (held === null) return endOf(money, reservationId) === 'committed' ? accept() : missing(money, reservationId);
  if (amountFen > held.amountFen) return refuse('over-reservation', { reservedFen: held.amountFen });
  return accept({ type: 'FundsCommitted', data: { reservationId, needId: held.needId, amountFen, returnedFen: held.amountFen - amountFen } });
};

export const releaseIn = (money: Reservations, { reservationId }: Pick<OfMoney, 'reservationId'>): MoneyDecision<never> => {
  const held = openIn(money, reservationId);
  if (held === null) return endOf(money, reservationId) === 'released' ? accept() : missing(money, reservationId);
  return accept({ type: 'FundsReleased', data: { reservationId, needId: held.needId, amountFen: held.amountFen } });
};

const missing = (money: Reservations, reservationId: string): Extract<MoneyDecision<never>, { ok: false }> => {
  const end = endOf(money, reservationId);
  return end === null ? refuse('no-such-reservation', { reservationId }) : refuse('reservation-ended', { reservationId, end });
};

/** The money after an event that moved it. Throws on one of a reservation that is not there: the stream is corrupt. */
export const moneyAfter = <M extends Reservations>(money: M, event: MoneyEvent): M => {
  switch (event.type) {
    case 'FundsReserved': {
      const { reservationId, needId, amountFen } = event.data;
      return { ...money, reservations: [...money.reservations, { reservationId, needId, amountFen }] };
    }
    case 'ReservationResized':
      return {
        ...money,
        reservations: money.reservations.map((one) => (one.reservationId === event.data.reservationId ? resized(one, event) : one)),
      };
    case 'FundsCommitted':
      return { ...ended(money, event, 'committed'), committedFen: money.committedFen + event.data.amountFen };
    case 'FundsReleased':
      return ended(money, event, 'released');
  }
};

const resized = (held: Reservation, { data: { amountFen, revision } }: Extract<MoneyEvent, { type: 'ReservationResized' }>): Reservation => ({
  ...held,
  amountFen,
  ...(revision === undefined ? {} : { revision }),
});

const ended = <M extends Reservations>(money: M, { type, data: { reservationId } }: MoneyEvent, end: EndedReservation['end']): M => {
  const reservations = money.reservations.filter((one) => one.reservationId !== reservationId);
  if (reservations.length === money.reservations.length) throw new Error(`corrupt stream: ${type} of ${reservationId}, which is not reserved`);
  return { ...money, reservations, ended: [...money.ended, { reservationId, end }].slice(-ENDED_KEPT) };
};
