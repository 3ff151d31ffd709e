import { isAmountFen } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { Do, FundReservation, FundSource, OwnersReservation } from '../need.commands';
import { invalidBody, type NeedDecision, type Rule } from '../need.decision';
import { returnUntil, startDeadline } from '../need.policy';
import type { Fact } from '../need.events';
import { DECISIONS_SINCE, MONEY_SINCE } from '../need.since';
import { matterOf, type Claimed, type Funded } from '../need.state';

type Funding = Pick<Do<'fund'>['data'], 'amountFen' | 'source' | 'split' | 'decisionId'>;

/** What of a funding the lead department pays: follows from the command alone. */
export const departmentFenOf = ({ amountFen, source, split }: Funding): number =>
  source === 'department' ? amountFen : source === 'mixed' ? (split?.departmentFen ?? 0) : 0;

/** What of it the owners' maintenance fund pays. */
export const ownersFenOf = ({ amountFen, source, split }: Funding): number =>
  source === 'maintenance-fund' ? amountFen : source === 'mixed' ? (split?.fundFen ?? 0) : 0;

/**
 * Money for the works. Before a department's part is given here, it has been reserved in its year, and before the owners' is, in their decision: the
 * reservations come with the command. A department's is the lead's of now, who may be another than when it was made.
 */
export const fund: Rule<'fund', 'claimed'> = ({ data }, state, context) => {
  const { amountFen, source, reference, split } = data;
  const refused = context.rules < MONEY_SINCE ? wholeOnly(data) : unfit(data, state, context);
  if (refused !== null) return refused;
  const [reservation, owners] = [reservationIn(data), ownersIn(data)];
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
      ...(owners === undefined ? {} : { owners }),
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

const unfit = (data: Funding, { round, decision }: Claimed, { rules }: Context): NeedDecision | null => {
  const { amountFen, source, split, decisionId } = data;
  if (source === 'rework' ? amountFen !== 0 : !isAmountFen(amountFen)) return invalidBody('amountFen');
  if (source === 'rework' && round === 1) return refuse('not-reopened');
  const isOwners = rules < DECISIONS_SINCE && (split?.fundFen ?? 0) !== 0;
  if (source === 'mixed' && (split === undefined || isOwners)) return decisionMissing(source);
  if (source === 'mixed' ? !isWhole(data) : split !== undefined) return invalidBody('split');
  if (ownersFenOf(data) === 0) return null;
  const isDecided = rules >= DECISIONS_SINCE && decisionId !== undefined && decisionId === decision?.decisionId;
  return isDecided ? null : decisionMissing(source);
};

/** The parts of a `mixed` funding, all of them. */
const isWhole = ({ amountFen, split = {} }: Funding): boolean => {
  const parts = [split.departmentFen ?? 0, split.donationFen ?? 0, split.fundFen ?? 0];
  return parts.every((part) => Number.isSafeInteger(part) && part >= 0) && parts.reduce((sum, part) => sum + part, 0) === amountFen;
};

const reservationIn = (data: Do<'fund'>['data'] | Do<'adjust-funding'>['data']): FundReservation | undefined =>
  'reservation' in data ? data.reservation : undefined;
const ownersIn = (data: Do<'fund'>['data'] | Do<'adjust-funding'>['data']): OwnersReservation | undefined =>
  'owners' in data ? data.owners : undefined;

/** The amount and who pays which part of it after an adjustment; null where it cannot be adjusted by so much. A donation stays as it was given. */
export const adjustedBy = ({ amountFen, money }: Pick<Funded, 'amountFen' | 'money'>, deltaFen: number): Adjusted | null => {
  const after = amountFen + deltaFen;
  const { reservation = null, owners } = money ?? {};
  const departmentFen = reservation === null ? null : reservation.departmentFen + deltaFen;
  const ownersFen = owners === undefined ? null : owners.fundFen + (reservation === null ? deltaFen : 0);
  const isFit = Number.isSafeInteger(deltaFen) && deltaFen !== 0 && isAmountFen(after) && (departmentFen ?? 1) >= 1 && (ownersFen ?? 1) >= 1;
  return isFit && after >= (money?.finalCostFen ?? 0) ? { amountFen: after, departmentFen, ownersFen } : null;
};
export interface Adjusted {
  readonly amountFen: number;
  /** Null where no department pays. */
  readonly departmentFen: number | null;
  /** Null where the maintenance fund pays nothing. It is adjusted where no department pays. */
  readonly ownersFen: number | null;
}

/** An overrun, a saving, a typing error. The department's year has been asked before; `reservation` is what it holds now. */
export const adjustFunding: Rule<'adjust-funding', 'funded'> = ({ data }, state) => {
  const { deltaFen, reason } = data;
  if (state.money === undefined || state.money.source === 'rework') return refuse('not-adjustable');
  const adjusted = adjustedBy(state, deltaFen);
  if (adjusted === null) return invalidBody('deltaFen');
  const [given, owners] = [reservationIn(data), ownersIn(data)];
  const isStale =
    (given !== undefined && !(isNext(given, state.money.reservation) && given.departmentFen === adjusted.departmentFen)) ||
    (owners !== undefined && !(isNext(owners, state.money.owners ?? null) && owners.fundFen === adjusted.ownersFen));
  if (isStale) return refuse('funds-unavailable', { why: 'funding-changed' });
  return accept({
    type: 'FundingAdjusted',
    data: {
      ...{ reason, deltaFen, beforeFen: state.amountFen, amountFen: adjusted.amountFen },
      ...(given === undefined ? {} : { reservation: given }),
      ...(owners === undefined ? {} : { owners }),
    },
  });
};

/** Whether it was made of the reservation as it is now: the same amount may have been there before. */
const isNext = (given: Counted, now: Counted | null): boolean =>
  given.reservationId === now?.reservationId && given.revision === (now.revision ?? 0) + 1;
type Counted = Pick<FundReservation, 'reservationId' | 'revision'>;

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
      ...(state.money?.owners === undefined ? {} : { owners: state.money.owners }),
      ...under,
    },
  });
};

/**
 * What each pays of works that cost less than was funded: what was donated is used first, then what the department gives, so that what owners need not pay
 * stays theirs.
 */
export const spentOf = (state: Pick<Funded, 'amountFen' | 'money'>): { readonly departmentFen: number; readonly ownersFen: number } => {
  const { reservation, owners, finalCostFen } = state.money ?? {};
  const [departmentFen, ownersFen] = [reservation?.departmentFen ?? 0, owners?.fundFen ?? 0];
  const costFen = finalCostFen ?? state.amountFen;
  const behindDonation = Math.max(0, costFen - (state.amountFen - departmentFen - ownersFen));
  const byDepartment = Math.min(behindDonation, departmentFen);
  return { departmentFen: byDepartment, ownersFen: behindDonation - byDepartment };
};

type Spending = Pick<Fact<'NeedDone'>['data'], 'reservation' | 'spentFen' | 'owners' | 'ownersSpentFen'>;

/** What a funding adds to the fact that works were accepted. */
export const spending = (state: Funded, { rules }: Context): Spending => {
  if (rules < MONEY_SINCE) return {};
  const { reservation = null, owners } = state.money ?? {};
  const spent = spentOf(state);
  return {
    ...(reservation === null ? {} : { reservation, spentFen: spent.departmentFen }),
    ...(owners === undefined ? {} : { owners, ownersSpentFen: spent.ownersFen }),
  };
};
