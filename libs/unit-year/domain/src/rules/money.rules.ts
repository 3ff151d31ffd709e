import { AMOUNT_FEN_MAX, isAmountFen } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import { invalidBody, type Rule, type UnitYearDecision } from '../unit-year.decision';
import type { TimedStage, UnitYearEvent } from '../unit-year.events';
import { evolve } from '../unit-year.evolve';
import { unitYearPolicyOf } from '../unit-year.policy';
import {
  availableFenOf,
  isAt,
  RESERVATIONS_MAX,
  usedFenOf,
  type EndedReservation,
  type Opened,
  type Reservation,
  type UnitYearStage,
} from '../unit-year.state';
import { isSameYear, opening, unitAndYear } from './year.rules';

/** `availableFen` is what could still be reserved; without a budget, all that numbers can hold. */
const overBudget = (state: Opened): UnitYearDecision => refuse('over-budget', { availableFen: roomOf(state), usedFen: usedFenOf(state) });
const roomOf = (state: Opened): number => availableFenOf(state) ?? Number.MAX_SAFE_INTEGER - usedFenOf(state);

export const setBudget: Rule<'set-budget', TimedStage> = ({ data: { amountFen, reference } }, state) => {
  if (!isAmountFen(amountFen, 0)) return invalidBody('amountFen');
  if (amountFen < usedFenOf(state)) return overBudget(state);
  return accept({ type: 'BudgetSet', data: { ...unitAndYear(state), beforeFen: state.grantedFen, amountFen, reference } });
};

export const adjustBudget: Rule<'adjust-budget', TimedStage> = ({ data: { deltaFen, reason } }, state) => {
  if (state.grantedFen === null) return refuse('no-budget');
  const amountFen = state.grantedFen + deltaFen;
  if (!Number.isSafeInteger(deltaFen) || deltaFen === 0 || amountFen > AMOUNT_FEN_MAX) return invalidBody('deltaFen');
  if (amountFen < usedFenOf(state)) return overBudget(state);
  return accept({ type: 'BudgetAdjusted', data: { ...unitAndYear(state), beforeFen: state.grantedFen, deltaFen, amountFen, reason } });
};

const openIn = ({ reservations }: Opened, id: string): Reservation | null => reservations.find(({ reservationId }) => reservationId === id) ?? null;
const endOf = ({ ended }: Opened, id: string): EndedReservation['end'] | null => ended.find(({ reservationId }) => reservationId === id)?.end ?? null;

/** The first of a year that nobody has opened opens it. */
export const reserve: Rule<'reserve', 'nonexistent' | TimedStage> = (command, state, context) => {
  const { data } = command;
  if (!isAmountFen(data.amountFen)) return invalidBody('amountFen');
  if (state.stage !== 'nonexistent') return isSameYear(data, state) ? reserveIn(state, data, context) : invalidBody('unit');
  const opened = opening(data, context);
  if (!('type' in opened)) return opened;
  const fresh = evolve(state, opened);
  const reserved: UnitYearDecision = isAt(fresh, ['pledging']) ? reserveIn(fresh, data, context) : accept();
  return reserved.ok ? accept<UnitYearEvent>(opened, ...reserved.events) : reserved;
};

const reserveIn = (state: Opened, { reservationId, needId, amountFen }: Reservation, context: Context): UnitYearDecision => {
  const [known, end] = [openIn(state, reservationId), endOf(state, reservationId)];
  if (known !== null) return known.needId === needId && known.amountFen === amountFen ? accept() : refuse('reservation-differs', { reservationId });
  if (end !== null) return refuse('reservation-ended', { reservationId, end });
  if (state.grantedFen === null && unitYearPolicyOf(context).budgetRequired) return refuse('no-budget');
  if (amountFen > roomOf(state)) return overBudget(state);
  if (state.reservations.length >= RESERVATIONS_MAX) return refuse('too-many-reservations', { max: RESERVATIONS_MAX });
  return accept({ type: 'FundsReserved', data: { ...unitAndYear(state), reservationId, needId, amountFen } });
};

/**
 * The works cost more or less than was thought: the reservation holds so much from now on. A closed year only gives back. An amount may come again, so
 * what has to be as it was is held against its revision too.
 */
export const resize: Rule<'resize', UnitYearStage> = (command, state) => {
  const { reservationId, amountFen, beforeFen, beforeRevision = 0 } = command.data;
  if (!isAmountFen(amountFen)) return invalidBody('amountFen');
  const known = openIn(state, reservationId);
  if (known === null) return missing(state, reservationId);
  const { revision: revisionNow = 0 } = known;
  const { revision = revisionNow } = command.data;
  if (beforeFen !== undefined && (known.amountFen !== beforeFen || revisionNow !== beforeRevision))
    return refuse('reservation-differs', { reservationId });
  if (known.amountFen === amountFen && revisionNow === revision) return accept();
  if (amountFen > known.amountFen && state.stage === 'closed') return refuse('closed', { command: command.type });
  if (amountFen - known.amountFen > roomOf(state)) return overBudget(state);
  return accept({
    type: 'ReservationResized',
    data: {
      ...{ ...unitAndYear(state), reservationId, needId: known.needId, beforeFen: known.amountFen, amountFen },
      ...(revision === revisionNow ? {} : { revision }),
    },
  });
};

export const commit: Rule<'commit', UnitYearStage> = ({ data: { reservationId, amountFen } }, state) => {
  if (!isAmountFen(amountFen, 0)) return invalidBody('amountFen');
  const known = openIn(state, reservationId);
  if (known === null) return endOf(state, reservationId) === 'committed' ? accept() : missing(state, reservationId);
  if (amountFen > known.amountFen) return refuse('over-reservation', { reservedFen: known.amountFen });
  return accept({
    type: 'FundsCommitted',
    data: { ...unitAndYear(state), reservationId, needId: known.needId, amountFen, returnedFen: known.amountFen - amountFen },
  });
};

export const release: Rule<'release', UnitYearStage> = ({ data: { reservationId } }, state) => {
  const known = openIn(state, reservationId);
  if (known === null) return endOf(state, reservationId) === 'released' ? accept() : missing(state, reservationId);
  return accept({ type: 'FundsReleased', data: { ...unitAndYear(state), reservationId, needId: known.needId, amountFen: known.amountFen } });
};

const missing = (state: Opened, reservationId: string): UnitYearDecision => {
  const end = endOf(state, reservationId);
  return end === null ? refuse('no-such-reservation', { reservationId }) : refuse('reservation-ended', { reservationId, end });
};
