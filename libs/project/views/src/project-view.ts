import { numbered, standingOf, type ClockView, type DeadlineStanding, type Numbered } from '@qiyue/civic-views';
import type { NeedStage, OfReservation, ProjectStage, ProjectStatus } from '@qiyue/project-domain';

export interface NeedInProject {
  readonly needId: string;
  readonly stage: NeedStage;
  readonly movedAt: string;
}
export interface ResourceInProject extends OfReservation {
  readonly quantity: number;
  readonly from: string;
  readonly to: string;
  readonly state: 'reserved' | 'used' | 'freed';
}
export interface MilestoneView {
  readonly milestoneId: string;
  readonly title: string;
  readonly note: string | null;
  readonly dueOn: string | null;
  readonly reachedAt: string | null;
}

/** A project as `GET /v1/projects/{id}` answers it. Absent values are null, and so is what a reader may not see. Times are those of the events. */
export interface ProjectView {
  readonly projectId: string;
  readonly seq: number;
  readonly stage: ProjectStage;
  readonly status: ProjectStatus;
  readonly title: string;
  readonly unit: string;
  readonly helpers: readonly string[];
  readonly community: string;
  readonly contractId: string | null;
  readonly itemId: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly budgetFen: number | null;
  readonly needs: readonly NeedInProject[];
  readonly resources: readonly ResourceInProject[];
  readonly milestones: readonly MilestoneView[];
  /** The deadlines that run, each with its ladder. */
  readonly clocks: readonly ClockView[];
  /** The soonest of them. */
  readonly dueAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly cancelledAt: string | null;
  readonly closesAt: string | null;
  /** Why it was cancelled. */
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Hash of the last record folded in. */
  readonly hash: string;
}

/** The clock that is due first; one whose date is not known yet is due last. */
export const firstClock = ({ clocks }: Pick<ProjectView, 'clocks'>): ClockView | null =>
  clocks.reduce<ClockView | null>((first, clock) => (first === null || isSooner(clock.dueAt, first.dueAt) ? clock : first), null);
const isSooner = (a: string | null, b: string | null): boolean => a !== null && (b === null || a < b);

/** How its soonest deadline stands at `now`, ISO 8601. */
export const projectStanding = (view: Pick<ProjectView, 'clocks' | 'dueAt'>, now: string): DeadlineStanding =>
  standingOf({ dueAt: view.dueAt, clock: firstClock(view), stages: [] }, now);

const ITEM = [
  ...(['projectId', 'seq', 'stage', 'status', 'title', 'unit', 'helpers', 'community', 'contractId', 'itemId'] as const),
  ...(['startsOn', 'endsOn', 'dueAt', 'startedAt', 'finishedAt', 'createdAt', 'updatedAt'] as const),
] as const;
/** A project in a list. */
export type ProjectListItem = Pick<ProjectView, (typeof ITEM)[number]> & Numbered & DeadlineStanding;
export const toListItem = (view: ProjectView, now: string): ProjectListItem => ({
  ...(Object.fromEntries(ITEM.map((name) => [name, view[name]])) as unknown as Pick<ProjectView, (typeof ITEM)[number]>),
  ...numbered(view.projectId, view.createdAt),
  ...projectStanding(view, now),
});
