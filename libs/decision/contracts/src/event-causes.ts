import type { DecisionCommandType, DecisionEventType } from '@qiyue/decision-domain';

interface EventCause {
  /** Commands that it comes of: `tick`, `end-notice` and `end-warranty` are the decision's own clock; `count` and those that move money come from our processes. */
  readonly by: readonly DecisionCommandType[];
}

/** Where each event comes from. An event without a row does not compile. */
export const DECISION_EVENT_CAUSES: Readonly<Record<DecisionEventType, EventCause>> = {
  DecisionOpened: { by: ['open'] },
  CouncilHeld: { by: ['hold-council'] },
  HouseholdVisited: { by: ['visit'] },
  ObjectionRaised: { by: ['object'] },
  MediationHeld: { by: ['mediate'] },
  PlanRevised: { by: ['revise-plan'] },
  BallotOpened: { by: ['open-ballot'] },
  VoteCast: { by: ['vote'] },
  VotingEnded: { by: ['close-ballot'] },
  BallotClosed: { by: ['count'] },
  SignatureTaken: { by: ['sign'] },
  NoticePosted: { by: ['post-notice'] },
  NoticeEnded: { by: ['end-notice'] },
  DecisionChallenged: { by: ['challenge'] },
  ChallengeSettled: { by: ['settle'] },
  DecisionConfirmed: { by: ['confirm'] },
  DecisionFailed: { by: ['count', 'settle'] },
  DecisionCancelled: { by: ['cancel', 'need-ended'] },
  EmergencyDeclared: { by: ['declare-emergency'] },
  EmergencyConfirmed: { by: ['confirm'] },
  FundsReserved: { by: ['reserve'] },
  ReservationResized: { by: ['resize'] },
  FundsCommitted: { by: ['commit'] },
  FundsReleased: { by: ['release'] },
  FundDrawn: { by: ['draw'] },
  FundRepaid: { by: ['repay'] },
  AccountAudited: { by: ['audit-account'] },
  WarrantyStarted: { by: ['works-accepted'] },
  WarrantyEnded: { by: ['end-warranty'] },
  DeadlineApproaching: { by: ['tick'] },
  DeadlineMissed: { by: ['tick'] },
  Escalated: { by: ['tick'] },
  DeadlineMoved: { by: ['retime'] },
};
