import type { ContractCommandType, ContractEventType } from '@qiyue/contract-domain';

interface EventCause {
  /** Commands that it comes of: `tick`, `end` and `take-effect` are the contract's own timers, `retime` comes from our processes. */
  readonly by: readonly ContractCommandType[];
}

/** Where each event comes from. An event without a row does not compile. */
export const CONTRACT_EVENT_CAUSES: Readonly<Record<ContractEventType, EventCause>> = {
  ContractProposed: { by: ['propose'] },
  SignatureGiven: { by: ['sign'] },
  ContractInForce: { by: ['sign'] },
  ContractWithdrawn: { by: ['withdraw'] },
  AmendmentProposed: { by: ['amend'] },
  AmendmentDeclined: { by: ['decline-amendment'] },
  ContractAmended: { by: ['agree-amendment'] },
  ItemFinished: { by: ['finish-item'] },
  SideEvaluated: { by: ['evaluate'] },
  TerminationGiven: { by: ['terminate'] },
  ContractTerminated: { by: ['take-effect'] },
  ContractEnded: { by: ['end'] },
  ContractClosed: { by: ['evaluate', 'tick', 'end'] },
  DeadlineApproaching: { by: ['tick'] },
  DeadlineMissed: { by: ['tick'] },
  Escalated: { by: ['tick'] },
  DeadlineMoved: { by: ['retime', 'agree-amendment'] },
};
