import { isSameUnit } from '@qiyue/civic-domain';
import { accept, refuse } from '@qiyue/engine';
import type { JoinsProject } from '../need.commands';
import { wrongStage, type Rule } from '../need.decision';
import type { At, LedStage, NeedStage } from '../need.state';

/** As a project says it. */
const stageFor = (state: At<LedStage | 'submitted'>): LedStage | 'submitted' | 'started' =>
  state.stage === 'funded' && state.status !== 'waiting-to-start' ? 'started' : state.stage;

/**
 * Who has to agree does so by adding it: the unit that leads the need, in a project that it leads too, or the community of both. Before anybody leads it,
 * a unit takes it into its project as it may claim it.
 */
const isAgreed = (state: At<LedStage | 'submitted'>, { unit, community, role }: JoinsProject): boolean => {
  const lead = state.stage === 'submitted' ? null : state.lead;
  if (lead !== null && isSameUnit(lead, unit)) return true;
  return isSameUnit(state.community, community) && (role !== 'department' || lead === null);
};

/** A need is part of one project at most. */
export const joinProject: Rule<'join-project', LedStage | 'submitted'> = (command, state) => {
  const { projectId } = command.data;
  if (state.status === 'closed') return wrongStage(command, state);
  if (state.projectId === projectId) return accept();
  if (state.projectId !== undefined) return refuse('in-another-project');
  return isAgreed(state, command.data) ? accept({ type: 'ProjectJoined', data: { projectId, stage: stageFor(state) } }) : refuse('other-parties');
};

/** Silent to a process of ours, of one that has ended or left meanwhile: it does not know. */
export const leaveProject: Rule<'leave-project', NeedStage> = (command, state, { actor }) => {
  const { projectId } = command.data;
  const isOver = state.status === 'ended' || state.status === 'closed';
  if (!isOver && state.projectId === projectId) return accept({ type: 'ProjectLeft', data: { projectId } });
  if (actor.role === 'system') return accept();
  return isOver ? wrongStage(command, state) : refuse('not-in-project');
};
