import type { ContractEventType, Fact } from '@qiyue/contract-domain';

/** Events that somebody is told of: all but a signature that brought the contract into force, which is told as that. */
export const TOLD_TYPES = [
  'ContractProposed',
  'SignatureGiven',
  'ContractInForce',
  'ContractWithdrawn',
  'AmendmentProposed',
  'AmendmentDeclined',
  'ContractAmended',
  'ItemFinished',
  'SideEvaluated',
  'TerminationGiven',
  'ContractTerminated',
  'ContractEnded',
  'ContractClosed',
  'DeadlineApproaching',
  'DeadlineMissed',
  'Escalated',
  'DeadlineMoved',
] as const satisfies readonly ContractEventType[];
export type ToldType = (typeof TOLD_TYPES)[number];
export type ToldEvent = Fact<ToldType>;
