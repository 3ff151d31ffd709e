import { STATUSES, type ContractStage, type ContractStatus } from '@qiyue/contract-domain';

/** A record, so that a new stage does not compile until it can be asked for. */
const STAGES: Readonly<Record<ContractStage, true>> = { proposed: true, 'in-force': true, evaluating: true, closed: true };
export const CONTRACT_STAGES = Object.keys(STAGES) as readonly ContractStage[];
export const CONTRACT_STATUSES: readonly ContractStatus[] = STATUSES;
