import { accept, type Context } from '@qiyue/engine';
import type { NeedDecision } from '../need.decision';
import type { NeedEvent, NeedEventType } from '../need.events';
import { DECISIONS_SINCE } from '../need.since';
import type { Born, NeedState } from '../need.state';

const ENDS = ['NeedWithdrawn', 'NeedRejected', 'NeedMerged'] as const satisfies readonly NeedEventType[];
/** Facts that end the need, so that the decision that was asked for last ends too. */
const NAMES_DECISION: ReadonlySet<NeedEventType> = new Set<NeedEventType>(ENDS);
/** Facts that a project goes by. */
const NAMES_PROJECT: ReadonlySet<NeedEventType> = new Set<NeedEventType>([
  ...ENDS,
  ...(['NeedClaimed', 'ClaimReturned', 'NeedFunded', 'WorksCancelled'] as const),
  ...(['WorksStarted', 'WorksReported', 'NeedDone', 'NeedEvaluated', 'EvaluationLapsed', 'NeedReopened'] as const),
]);

/** Facts name what else moves with them, so that whoever reads them needs no look at the need. */
export const naming = (decision: NeedDecision, state: NeedState, { rules }: Context): NeedDecision => {
  if (!decision.ok || rules < DECISIONS_SINCE || state.stage === 'unborn') return decision;
  return accept<NeedEvent>(...decision.events.map((event) => ({ ...event, data: { ...event.data, ...namedBy(event.type, state) } }) as NeedEvent));
};

const namedBy = (type: NeedEventType, { decision, projectId }: Born): { readonly decisionId?: string; readonly projectId?: string } => ({
  ...(decision !== undefined && NAMES_DECISION.has(type) ? { decisionId: decision.decisionId } : {}),
  ...(projectId !== undefined && NAMES_PROJECT.has(type) ? { projectId } : {}),
});
