import type { UnitYearCommandType, UnitYearEventType } from '@qiyue/unit-year-domain';

interface EventCause {
  /** Commands that it comes of: `tick` is the year's own clock, those that move money, `fulfil-pledge` and `retime` come from our processes. */
  readonly by: readonly UnitYearCommandType[];
  /** What its form has gained, oldest first. */
  readonly changes?: readonly string[];
}

/** Where each event comes from, and what it has gained since its first form. An event without a row does not compile. */
export const UNIT_YEAR_EVENT_CAUSES: Readonly<Record<UnitYearEventType, EventCause>> = {
  UnitYearOpened: { by: ['open', 'reserve'] },
  BudgetSet: { by: ['set-budget'] },
  BudgetAdjusted: { by: ['adjust-budget'] },
  FundsReserved: { by: ['reserve'] },
  ReservationResized: { by: ['resize'], changes: ['`revision`: an amount may come again, a revision does not'] },
  FundsCommitted: { by: ['commit'] },
  FundsReleased: { by: ['release'] },
  PledgeMade: { by: ['pledge'] },
  PledgeAmended: { by: ['amend-pledge'] },
  PledgeWithdrawn: { by: ['withdraw-pledge'] },
  PledgesPublished: { by: ['publish'] },
  PledgeLinked: { by: ['link'] },
  PledgeUnlinked: { by: ['unlink'] },
  PledgesUnderWay: { by: ['link', 'withdraw-pledge', 'settle', 'carry-over'] },
  PledgeContested: { by: ['contest'] },
  PledgeSettled: { by: ['settle'] },
  PledgeFulfilled: { by: ['fulfil-pledge'] },
  PledgeFailed: { by: ['settle', 'close'] },
  PledgeCarriedOver: { by: ['carry-over'] },
  UnitYearClosed: { by: ['close'] },
  DeadlineApproaching: { by: ['tick'] },
  DeadlineMissed: { by: ['tick'] },
  Escalated: { by: ['tick'] },
  DeadlineMoved: { by: ['retime'] },
};
