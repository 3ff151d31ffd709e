import { commitIn, isAfter, isAmountFen, releaseIn, reserveIn, resizeIn, type MoneyDecision } from '@qiyue/civic-domain';
import { accept, refuse } from '@qiyue/engine';
import type { DecisionRefusal } from '../decision.refusals';
import { invalidBody, type Refused, type Rule, type Ruling } from '../decision.ruling';
import { availableFenOf, heldFenOf, isAt, OVER_STAGES, owedFenOf, type DecisionStage, type Existing, type OverStage } from '../decision.state';
import { startStage, yearsAfter } from '../decision.terms';

/** Works and money may come: decided and confirmed, or an emergency that was confirmed. */
const FUNDED = ['confirmed', 'emergency'] as const satisfies readonly DecisionStage[];

const overPlan = (state: Existing, moreFen: number): Refused | null => {
  const availableFen = availableFenOf(state);
  return moreFen > 0 && moreFen > availableFen ? refuse('over-plan', { availableFen }) : null;
};

/** Why no money can be had from it, whatever the amount. Null where it can. */
const unfunded = (state: Existing): Refused | null => {
  if (isAt(state, FUNDED)) return null;
  return isAt(state, ['warranty', ...OVER_STAGES])
    ? refuse('decision-failed', { stage: state.stage }) // not `closed`, which whoever asks takes for a year's
    : refuse('decision-open', { stage: state.stage });
};

/** Only a decision on using the fund lets it be used, and only for its own need. */
export const reserve: Rule<'reserve', 'nonexistent' | DecisionStage> = ({ data }, state) => {
  if (state.stage === 'nonexistent' || state.needId !== data.needId || state.matter !== 'use-fund') return refuse('decision-missing');
  return plain(reserveIn(state, data, (moreFen) => unfunded(state) ?? overPlan(state, moreFen)));
};

export const resize: Rule<'resize', DecisionStage> = ({ data }, state) =>
  plain(
    resizeIn(state, data, (moreFen) => {
      const { stage } = state;
      if (moreFen > 0 && !isAt(state, [...FUNDED, 'warranty'])) return refuse('decision-failed', { stage });
      return overPlan(state, moreFen);
    }),
  );

export const commit: Rule<'commit', DecisionStage> = ({ data }, state) => plain(commitIn(state, data));
export const release: Rule<'release', DecisionStage> = ({ data }, state) => plain(releaseIn(state, data));

const plain = (decision: MoneyDecision<DecisionRefusal>): Ruling => decision;

/** Whole fen, rounded down. Exact: an amount is at most 10^13 fen. */
const percentOf = (amountFen: number, percent: number): number => {
  const product = amountFen * percent;
  return (product - (product % 100)) / 100;
};

/**
 * How much may have been drawn by now: the first instalment, most before the audit, all that is held behind it. The first instalment may come in pieces: until all
 * of it is drawn it bounds them together, so that a small draw does not open the way for a large one.
 */
const drawableFenOf = ({ terms, drawnFen, isAudited }: Existing, heldFen: number): number => {
  if (isAudited) return heldFen;
  const mostFen = percentOf(heldFen, terms.beforeAuditPercentMax);
  const firstFen = Math.min(mostFen, percentOf(heldFen, terms.firstDrawPercentMax));
  return drawnFen === 0 || drawnFen < firstFen ? firstFen : mostFen;
};

/** The bank pays out of what is held for the works. */
export const draw: Rule<'draw', 'confirmed' | 'emergency' | 'warranty'> = ({ data: { amountFen, reference } }, state) => {
  if (!isAmountFen(amountFen)) return invalidBody('amountFen');
  const { needId, drawnFen } = state;
  const availableFen = Math.max(0, drawableFenOf(state, heldFenOf(state)) - drawnFen);
  if (amountFen > availableFen) return refuse('over-draw', { availableFen });
  return accept({ type: 'FundDrawn', data: { needId, amountFen, reference, drawnFen: drawnFen + amountFen } });
};

/** What was drawn and is for no works any more goes back to the fund: at most what is owed. */
export const repay: Rule<'repay', DecisionStage> = ({ data: { amountFen, reference } }, state) => {
  if (!isAmountFen(amountFen)) return invalidBody('amountFen');
  const owedFen = owedFenOf(state);
  if (amountFen > owedFen) return refuse('over-owed', { owedFen });
  return accept({ type: 'FundRepaid', data: { needId: state.needId, amountFen, reference, drawnFen: state.drawnFen - amountFen } });
};

export const auditAccount: Rule<'audit-account', 'confirmed' | 'emergency' | 'warranty'> = ({ data: { reference } }, { needId, isAudited }) =>
  isAudited ? refuse('already-audited') : accept({ type: 'AccountAudited', data: { needId, reference } });

type Running = Exclude<DecisionStage, OverStage>;

/** Not once money waits for its works or was spent on them. */
export const cancel: Rule<'cancel', Exclude<Running, 'warranty'>> = ({ data: { reason } }, state) => {
  const heldFen = heldFenOf(state);
  if (heldFen > 0) return refuse('funds-held', { heldFen });
  return accept({ type: 'DecisionCancelled', data: { needId: state.needId, cause: 'by-hand', reason } });
};

/** The need has its works accepted. Silent for another need, once said, and where there is nothing to warrant: whoever tells it does not know the decision. */
export const worksAccepted: Rule<'works-accepted', DecisionStage> = ({ data: { needId } }, state, context) => {
  if (state.needId !== needId || !isAt(state, FUNDED)) return accept();
  const { warrantyYears, warrantyReminderDays } = state.terms;
  const endsAt = yearsAfter(context.now, warrantyYears);
  return accept({ type: 'WarrantyStarted', data: { needId, endsAt, ...startStage('warranty', context, endsAt, warrantyReminderDays) } });
};

/** The need was withdrawn, rejected or merged: there is nothing to decide any more. What is reserved is given back by whoever reserved it. */
export const needEnded: Rule<'need-ended', DecisionStage> = ({ data: { needId } }, state) => {
  if (state.needId !== needId || isAt(state, ['warranty', 'ended', 'failed', 'cancelled'])) return accept();
  return accept({ type: 'DecisionCancelled', data: { needId, cause: 'need-ended' } });
};

/** By the clock alone. */
export const endWarranty: Rule<'end-warranty', 'warranty'> = (_, { needId, warrantyEndsAt }, { now }) =>
  isAfter(warrantyEndsAt, now) ? accept() : accept({ type: 'WarrantyEnded', data: { needId } });
