import { isAmountFen } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { Do, FundReservation, FundSource } from '../need.commands';
import { invalidBody, type NeedDecision, type Rule } from '../need.decision';
import { returnUntil, startDeadline } from '../need.policy';
import { MONEY_SINCE } from '../need.since';
import { matterOf, type Claimed, type Funded } from '../need.state';

type Funding = Pick<Do<'fund'>['data'], 'amountFen' | 'source' | 'split'>;

/** What of a funding the lead department pays: follows from the command alone. */
export const departmentFenOf = ({ amountFen, source, split }: Funding): number =>
  source === 'department' ? amountFen : source === 'mixed' ? (split?.departmentFen ?? 0) : 0;

/**
 * Money for the works. Before a department's part is given here, it has been reserved in its year: the reservation comes with the command, and is the
 * lead's of now, who may be another than when it was made.
 */
export const fund: Rule<'fund', 'claimed'> = ({ data }, state, context) => {
  const { amountFen, source, reference, split } = data;
  const refused = context.rules < MONEY_SINCE ? wholeOnly(data) : unfit(data, state);
  if (refused !== null) return refused;
  const reservation = reservationIn(data);
  if (reservation !== undefined && reservation.unit !== state.lead) return refuse('lead-changed');
  const { dueAt, under } = startDeadline(context, { ...matterOf('funded', state), promisedBy: state.promisedBy });
  return accept({
    type: 'NeedFunded',
    data: {
      amountFen,
      source,
      reference,
      unit: context.actor.unit,
      doneBy: dueAt,
      ...(split === undefined || context.rules < MONEY_SINCE ? {} : { split }),
      ...(reservation === undefined ? {} : { reservation }),
      ...under,
    },
  });
};

const decisionMissing = (source: FundSource): NeedDecision => refuse('decision-missing', { source, missing: 'passed-owners-decision' });

/** Before rules 4 an amount came from one source. */
const wholeOnly = ({ amountFen, source }: Funding): NeedDecision | null => {
  if (!isAmountFen(amountFen)) return invalidBody('amountFen');
  return source === 'department' || source === 'donation' ? null : decisionMissing(source);
};

const unfit = ({ amountFen, source, split }: Funding, { round }: Claimed): NeedDecision | null => {
  if (source === 'rework' ? amountFen !== 0 : !isAmountFen(amountFen)) return invalidBody('amountFen');
  if (source === 'rework' && round === 1) return refuse('not-reopened');
  if (source !== 'mixed') {
    if (split !== undefined) return invalidBody('split');
    return source === 'maintenance-fund' ? decisionMissing(source) : null;
  }
  if (split === undefined || (split.fundFen ?? 0) !== 0) return decisionMissing(source);
  const parts = [split.departmentFen ?? 0, split.donationFen ?? 0];
  const isWhole = parts.every((part) => Number.isSafeInteger(part) && part >= 0) && parts.reduce((sum, part) => sum + part, 0) === amountFen;
  return isWhole ? null : invalidBody('split');
};

const reservationIn = (data: Do<'fund'>['data'] | Do<'adjust-funding'>['data']): FundReservation | undefined =>
  'reservation' in data ? data.reservation : undefined;

/** The amount and the department's part of it after an adjustment; null where it cannot be adjusted by so much. A donation stays as it was given. */
export const adjustedBy = ({ amountFen, money }: Pick<Funded, 'amountFen' | 'money'>, deltaFen: number): Adjusted | null => {
  const after = amountFen + deltaFen;
  const reservation = money?.reservation ?? null;
  const departmentFen = reservation === null ? null : reservation.departmentFen + deltaFen;
  const isFit = Number.isSafeInteger(deltaFen) && deltaFen !== 0 && isAmountFen(after) && (departmentFen === null || departmentFen >= 1);
  return isFit && after >= (money?.finalCostFen ?? 0) ? { amountFen: after, departmentFen } : null;
};
export interface Adjusted {
  readonly amountFen: number;
  /** Null where no department pays. */
  readonly departmentFen: number | null;
}

/** An overrun, a saving, a typing error. The department's year has been asked before; `reservation` is what it holds now. */
export const adjustFunding: Rule<'adjust-funding', 'funded'> = ({ data }, state) => {
  const { deltaFen, reason } = data;
  if (state.money === undefined || state.money.source === 'rework') return refuse('not-adjustable');
  const adjusted = adjustedBy(state, deltaFen);
  if (adjusted === null) return invalidBody('deltaFen');
  const given = reservationIn(data);
  if (given !== undefined && !isNext(given, state.money.reservation, adjusted)) return refuse('funds-unavailable', { why: 'funding-changed' });
  return accept({
    type: 'FundingAdjusted',
    data: { reason, deltaFen, beforeFen: state.amountFen, amountFen: adjusted.amountFen, ...(given === undefined ? {} : { reservation: given }) },
  });
};

/** Whether it was made of the reservation as it is now: the same amount may have been there before. */
const isNext = (given: FundReservation, now: FundReservation | null, { departmentFen }: Adjusted): boolean =>
  given.reservationId === now?.reservationId && given.departmentFen === departmentFen && given.revision === (now.revision ?? 0) + 1;

/** The lead has it again, without money and without a promise; it may plan anew or give the need back. */
export const cancelWorks: Rule<'cancel-works', 'funded'> = ({ data: { reason } }, state, context) => {
  const { dueAt, under } = startDeadline(context, matterOf('claimed', state));
  const reservation = state.money?.reservation ?? null;
  return accept({
    type: 'WorksCancelled',
    data: {
      reason,
      unit: state.lead,
      fundBy: dueAt,
      returnUntil: returnUntil(context),
      ...(reservation === null ? {} : { reservation }),
      ...under,
    },
  });
};

/** What the department pays of works that cost less than was funded: what was donated is used first. */
export const spentFenOf = ({ amountFen, money }: Pick<Funded, 'amountFen' | 'money'>, departmentFen: number): number =>
  Math.max(0, (money?.finalCostFen ?? amountFen) - (amountFen - departmentFen));

/** What a funding adds to the fact that works were accepted. */
export const spending = (state: Funded, { rules }: Context): { readonly reservation?: FundReservation; readonly spentFen?: number } => {
  const reservation = state.money?.reservation ?? null;
  return rules < MONEY_SINCE || reservation === null ? {} : { reservation, spentFen: spentFenOf(state, reservation.departmentFen) };
};
