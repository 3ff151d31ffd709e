import type { DeadlineClock } from '@qiyue/civic-domain';
import { entityIdOf } from '@qiyue/engine';
import type { NeedStage, OfNeed, OfReservation } from './project.commands';

export const PROJECT_STAGES = ['planned', 'under-way', 'finished', 'cancelled'] as const;
/** Stages of a project that exists. */
export type ProjectStage = (typeof PROJECT_STAGES)[number];
export const PROJECT_STATUSES = ['planning', 'at-work', 'settling', 'ended'] as const;
/** The same in finer words: a finished project is settling as long as one of its needs could bring it back. */
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];
/** Those in which something can still be done in it. */
export type RunningStage = 'planned' | 'under-way';
export const RUNNING: readonly RunningStage[] = ['planned', 'under-way'];

export interface ProjectNeed extends OfNeed {
  readonly stage: NeedStage;
}
export interface Milestone {
  readonly milestoneId: string;
  readonly title: string;
  readonly dueOn: string | null;
  readonly isReached: boolean;
}
/** A deadline that runs. `name`: `end`, or the milestone's id; `day` is what it follows from. */
export interface RunningDeadline {
  readonly name: string;
  readonly day: string;
  readonly clock: DeadlineClock;
}
/** The deadline of the whole project. */
export const END = 'end';

export interface Project {
  readonly stage: ProjectStage;
  readonly unit: string;
  readonly community: string;
  readonly contractId: string | null;
  readonly itemId: string | null;
  readonly endsOn: string | null;
  readonly helpers: readonly string[];
  readonly needs: readonly ProjectNeed[];
  /** Those that hold something for it. */
  readonly reservations: readonly OfReservation[];
  /** Those that were used or freed before it counted on them. */
  readonly lost: readonly string[];
  readonly milestones: readonly Milestone[];
  readonly deadlines: readonly RunningDeadline[];
  /** Of a finished one: when nothing can come any more, unless a need moves. */
  readonly closesAt: string | null;
  readonly isClosed: boolean;
}
export type ProjectState = { readonly stage: 'nonexistent' } | Project;

/** Needs, reservations, milestones and helpers of a project: of each so many. */
export const PARTS_MAX = 100;

export const nonexistent: ProjectState = { stage: 'nonexistent' };

/** The same item of the same contract is the same project, whoever makes it. */
export const projectIdOf = ({ contractId, itemId }: { readonly contractId: string; readonly itemId: string }): string =>
  entityIdOf('project', contractId, itemId);

const GONE: readonly NeedStage[] = ['withdrawn', 'rejected', 'merged', 'left'];
const DONE: readonly NeedStage[] = ['done', 'evaluated', ...GONE];
/** Works have begun, or are over. */
export const isBegun = (stage: NeedStage): boolean => stage === 'started' || stage === 'done' || stage === 'evaluated';
export const isDone = ({ stage }: Pick<ProjectNeed, 'stage'>): boolean => DONE.includes(stage);

type Needing = Pick<Project, 'needs'>;
export const openNeedsOf = ({ needs }: Needing): number => needs.filter((need) => !isDone(need)).length;
/** It does not come again. An evaluated one may: it can be reopened. */
export const isGone = ({ stage }: Pick<ProjectNeed, 'stage'>): boolean => GONE.includes(stage);
/** Nobody waits for anything in it. */
export const isAtEnd = ({ stage }: Pick<ProjectNeed, 'stage'>): boolean => stage === 'evaluated' || isGone({ stage });
export const isAtRest = ({ needs }: Needing): boolean => needs.every(isAtEnd);
/** The same by what its needs have come to: what is gone does not count, and a project without needs waits for its people. */
export const isAllEvaluated = ({ needs }: Needing): boolean => needs.some(({ stage }) => stage === 'evaluated') && isAtRest({ needs });

export const statusOf = ({ stage, isClosed }: Pick<Project, 'stage' | 'isClosed'>): ProjectStatus => {
  switch (stage) {
    case 'planned':
      return 'planning';
    case 'under-way':
      return 'at-work';
    case 'finished':
      return isClosed ? 'ended' : 'settling';
    case 'cancelled':
      return 'ended';
  }
};
