import { accept, refuse } from '@qiyue/engine';
import { wrongStage, type Rule } from '../need.decision';
import type { At, LedStage, NeedStage } from '../need.state';

/** As a project says it. */
const stageFor = (state: At<LedStage | 'submitted'>): LedStage | 'submitted' | 'started' =>
  state.stage === 'funded' && state.status !== 'waiting-to-start' ? 'started' : state.stage;

/** A need is part of one project at most. */
export const joinProject: Rule<'join-project', LedStage | 'submitted'> = (command, state) => {
  const { projectId } = command.data;
  if (state.status === 'closed') return wrongStage(command, state);
  if (state.projectId === projectId) return accept();
  return state.projectId === undefined
    ? accept({ type: 'ProjectJoined', data: { projectId, stage: stageFor(state) } })
    : refuse('in-another-project');
};

/** Silent for one that has ended meanwhile: whoever lets it go does not know. */
export const leaveProject: Rule<'leave-project', NeedStage> = ({ data: { projectId } }, state) =>
  state.status !== 'ended' && state.status !== 'closed' && state.projectId === projectId
    ? accept({ type: 'ProjectLeft', data: { projectId } })
    : accept();
