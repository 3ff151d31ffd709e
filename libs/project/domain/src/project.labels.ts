import { numberedTitle, stepLabel } from '@qiyue/civic-domain';
import type { Due, Labels } from '@qiyue/engine';
import type { ProjectCommand, ProjectCommandType } from './project.commands';
import { PERMISSIONS } from './project.permissions';
import { END, type ProjectState } from './project.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 2;

const dueOf = ({ command }: Due<ProjectCommand>, state: ProjectState): string => {
  if (command.type !== 'tick' || state.stage === 'nonexistent') return 'end of the time to reopen';
  const [name = '', step = ''] = command.data.step.split('/');
  const deadline = state.deadlines.find((one) => one.name === name);
  return stepLabel(name === END ? 'finish' : `reach ${name}`, deadline?.clock.schedule.dueAt ?? null, step);
};

/** As `240701-7K3M9P-N 路灯和车棚`, `reach m1 by 2024-07-15 18:00: reminder`. */
export const projectLabels: Labels<ProjectState, ProjectCommand> = {
  titleOf: (command, context) => numberedTitle(command.type === 'plan' || command.type === 'plan-item' ? command.data.title : null, context),
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as ProjectCommandType[] },
};
