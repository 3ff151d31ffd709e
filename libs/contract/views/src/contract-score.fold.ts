import type { ContractEvent, Parties } from '@qiyue/contract-domain';
import { eventOf, unreachable, type RecordBody } from '@qiyue/engine';

/** What of a contract is counted. */
export interface ContractScore extends Parties {
  /** Both have signed. */
  readonly isSigned: boolean;
  readonly items: number;
  readonly itemsDone: number;
}

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldContractScore = (score: ContractScore | null, record: RecordBody): ContractScore => {
  const event = eventOf<ContractEvent>(record);
  if (score !== null) return change(score, event);
  if (event.type !== 'ContractProposed') throw new Error(`corrupt stream ${record.entity}: ${event.type} before ContractProposed`);
  const { unit, community, year, items } = event.data;
  return { unit, community, year, isSigned: false, items: items.length, itemsDone: 0 };
};

const change = (score: ContractScore, event: ContractEvent): ContractScore => {
  switch (event.type) {
    case 'ContractInForce':
      return { ...score, isSigned: true, items: event.data.items.length };
    case 'ContractAmended':
      return { ...score, items: event.data.items.length };
    case 'ItemFinished':
      return { ...score, itemsDone: score.itemsDone + 1 };
    case 'SignatureGiven':
    case 'ContractWithdrawn':
    case 'AmendmentProposed':
    case 'AmendmentDeclined':
    case 'SideEvaluated':
    case 'TerminationGiven':
    case 'ContractTerminated':
    case 'ContractEnded':
    case 'ContractClosed':
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved':
      return score;
    case 'ContractProposed':
      throw new Error('corrupt stream: ContractProposed twice');
    default:
      return unreachable(event);
  }
};
