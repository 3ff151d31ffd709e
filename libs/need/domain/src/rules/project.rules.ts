import { accept, refuse, type Context } from '@qiyue/engine';
import { wrongStage, type NeedDecision, type Rule } from '../need.decision';
import type { NeedEvent, NeedEventType } from '../need.events';
import { DECISIONS_SINCE } from '../need.since';
import type { LedStage, NeedState } from '../need.state';

/** A need is part of one project at most. */
export const joinProject: Rule<'join-project', LedStage | 'submitted'> = (command, state) => {
  const { projectId } = command.data;
  if (state.status === 'closed') return wrongStage(command, state);
  if (state.projectId === projectId) return accept();
  return state.projectId === undefined ? accept({ type: 'ProjectJoined', data: { projectId } }) : refuse('in-another-project');
};

export const leaveProject: Rule<'leave-project', LedStage | 'submitted'> = ({ data: { projectId } }, state) =>
  state.projectId === projectId ? accept({ type: 'ProjectLeft', data: { projectId } }) : accept();

/** Facts that a project goes by name it, so that whoever reads them needs no look at the need. */
const NAMES_PROJECT: ReadonlySet<NeedEventType> = new Set<NeedEventType>([
  ...(['NeedWithdrawn', 'NeedRejected', 'NeedMerged', 'NeedClaimed', 'ClaimReturned', 'NeedFunded', 'WorksCancelled'] as const),
  ...(['WorksStarted', 'NeedDone', 'NeedEvaluated', 'EvaluationLapsed', 'NeedReopened'] as const),
]);

export const inProject = (decision: NeedDecision, state: NeedState, { rules }: Context): NeedDecision => {
  const projectId = 'projectId' in state ? state.projectId : undefined;
  if (!decision.ok || rules < DECISIONS_SINCE || projectId === undefined) return decision;
  return accept<NeedEvent>(
    ...decision.events.map((event) => (NAMES_PROJECT.has(event.type) ? ({ ...event, data: { ...event.data, projectId } } as NeedEvent) : event)),
  );
};
