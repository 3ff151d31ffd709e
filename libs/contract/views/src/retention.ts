import type { ContractView } from './contract-view';

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can. */
export const endedAtOf = ({ stage, updatedAt }: Pick<ContractView, 'stage' | 'updatedAt'>): string | null => (stage === 'closed' ? updatedAt : null);
