import { clockEntries, type CalendarSource } from '@qiyue/aggregate';
import { spokenNumberOf } from '@qiyue/civic-domain';
import { RUNNING } from '@qiyue/project-domain';
import type { ProjectView } from '@qiyue/project-views';

/** Milestones and the end of a project, for the unit that leads it. */
export const projectCalendar: CalendarSource<ProjectView> = {
  conditionsOf: ({ role, unit }) =>
    role === 'department' && unit !== null ? { 'view.unit': unit, 'view.stage': { $in: RUNNING }, 'view.dueAt': { $gt: '' } } : null,
  isPersons: () => false,
  entriesOf: (view) => {
    const { projectId, seq, title, community, unit, clocks, createdAt, updatedAt } = view;
    const about = [community, unit, spokenNumberOf(projectId, createdAt)];
    return clocks.flatMap((clock) =>
      clockEntries(clock, clock.dueAt, { ...{ id: projectId, seq, updatedAt, title, about }, deed: deedOf(view, clock.stage) }),
    );
  },
};

const deedOf = ({ milestones }: ProjectView, id: string): string => {
  const milestone = milestones.find(({ milestoneId }) => milestoneId === id);
  return milestone === undefined ? '完成项目' : `节点“${milestone.title}”`;
};
