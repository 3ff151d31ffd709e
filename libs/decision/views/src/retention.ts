import { OVER_STAGES } from '@qiyue/decision-domain';
import type { DecisionView } from './decision-view';

const OVER: ReadonlySet<string> = new Set(OVER_STAGES);

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can: what is over may have money that is reserved. */
export const endedAtOf = ({ status, updatedAt }: Pick<DecisionView, 'status' | 'updatedAt'>): string | null => (OVER.has(status) ? updatedAt : null);
