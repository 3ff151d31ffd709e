import type { DeedKind } from '@qiyue/civic-domain';
import { eventOf, unreachable, type RecordBody } from '@qiyue/engine';
import type { PledgeState, UnitYearEvent, UnitYearStage } from '@qiyue/unit-year-domain';

/** A pledge as it is counted. */
export interface ScoredPledge {
  readonly kind: DeedKind;
  readonly state: PledgeState;
  /** Of a contested one, what it goes back to when the contest is not upheld; null for all others. */
  readonly contestedFrom: PledgeState | null;
}

/** What of a unit's year is counted: no titles, no reservations one by one. Amounts in fen. */
export interface UnitYearScore {
  readonly unit: string;
  readonly year: number;
  readonly stage: UnitYearStage;
  /** Null: no budget was set. */
  readonly grantedFen: number | null;
  readonly reservedFen: number;
  readonly committedFen: number;
  readonly pledges: Readonly<Record<string, ScoredPledge>>;
}

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldUnitYearScore = (score: UnitYearScore | null, record: RecordBody): UnitYearScore => {
  const event = eventOf<UnitYearEvent>(record);
  if (score !== null) return change(score, event);
  if (event.type !== 'UnitYearOpened') throw new Error(`corrupt stream ${record.entity}: ${event.type} before UnitYearOpened`);
  const { unit, year } = event.data;
  return { unit, year, stage: 'pledging', grantedFen: null, reservedFen: 0, committedFen: 0, pledges: {} };
};

const change = (score: UnitYearScore, event: UnitYearEvent): UnitYearScore => {
  switch (event.type) {
    case 'BudgetSet':
    case 'BudgetAdjusted':
      return { ...score, grantedFen: event.data.amountFen };
    case 'FundsReserved':
      return reserved(score, event.data.amountFen);
    case 'ReservationResized':
      return reserved(score, event.data.amountFen - event.data.beforeFen);
    case 'FundsReleased':
      return reserved(score, -event.data.amountFen);
    case 'FundsCommitted': {
      const { amountFen, returnedFen } = event.data;
      return { ...reserved(score, -amountFen - returnedFen), committedFen: score.committedFen + amountFen };
    }
    case 'PledgeMade':
      return withPledge(score, event.data.pledgeId, { kind: event.data.kind, state: 'promised', contestedFrom: null });
    case 'PledgeAmended':
      return changed(score, event.data.pledgeId, (before) => ({ ...before, kind: event.data.kind ?? before.kind }));
    case 'PledgeWithdrawn':
      return isNow(score, event.data, 'withdrawn');
    case 'PledgeLinked':
      return isNow(score, event.data, 'linked');
    case 'PledgeUnlinked':
      return isNow(score, event.data, 'promised');
    case 'PledgeFailed':
      return isNow(score, event.data, 'failed');
    case 'PledgeCarriedOver':
      return isNow(score, event.data, 'carried-over');
    case 'PledgeContested':
      return changed(score, event.data.pledgeId, (before) => ({ ...before, state: 'contested', contestedFrom: before.state }));
    case 'PledgeSettled':
      return changed(score, event.data.pledgeId, uncontested);
    case 'PledgeFulfilled':
      return changed(score, event.data.pledgeId, (before) =>
        before.state === 'contested' ? { ...before, contestedFrom: 'fulfilled' } : { ...before, state: 'fulfilled' },
      );
    case 'PledgesPublished':
      return { ...score, stage: event.data.stage };
    case 'PledgesUnderWay':
      return { ...score, stage: 'fulfilling' };
    case 'UnitYearClosed':
      return event.data.lapsedContests.reduce<UnitYearScore>((at, id) => changed(at, id, uncontested), { ...score, stage: 'closed' });
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved':
      return score;
    case 'UnitYearOpened':
      throw new Error('corrupt stream: UnitYearOpened twice');
    default:
      return unreachable(event);
  }
};

const reserved = (score: UnitYearScore, byFen: number): UnitYearScore => ({ ...score, reservedFen: score.reservedFen + byFen });

const withPledge = (score: UnitYearScore, pledgeId: string, pledge: ScoredPledge): UnitYearScore => ({
  ...score,
  pledges: { ...score.pledges, [pledgeId]: pledge },
});

const changed = (score: UnitYearScore, pledgeId: string, step: (before: ScoredPledge) => ScoredPledge): UnitYearScore => {
  const before = score.pledges[pledgeId];
  if (before === undefined) throw new Error(`corrupt stream: no pledge ${pledgeId}`);
  return withPledge(score, pledgeId, step(before));
};

const isNow = (score: UnitYearScore, { pledgeId }: { readonly pledgeId: string }, state: PledgeState): UnitYearScore =>
  changed(score, pledgeId, ({ kind }) => ({ kind, state, contestedFrom: null }));

const uncontested = ({ kind, contestedFrom, state }: ScoredPledge): ScoredPledge => ({ kind, state: contestedFrom ?? state, contestedFrom: null });
