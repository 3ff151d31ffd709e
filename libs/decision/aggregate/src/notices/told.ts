import type { DecisionEventType, Fact } from '@qiyue/decision-domain';

/** Events that somebody is told of; all others are seen by looking at the decision. */
export const TOLD_TYPES = [
  'DeadlineApproaching',
  'DeadlineMissed',
  'Escalated',
  'DeadlineMoved',
  'BallotOpened',
  'VoteCast',
  'BallotClosed',
  'NoticePosted',
  'NoticeEnded',
  'DecisionChallenged',
  'ChallengeSettled',
  'DecisionConfirmed',
  'DecisionFailed',
  'DecisionCancelled',
  'EmergencyDeclared',
  'EmergencyConfirmed',
  'WarrantyStarted',
] as const satisfies readonly DecisionEventType[];
export type ToldType = (typeof TOLD_TYPES)[number];
export type ToldEvent = Fact<ToldType>;
