import type { ClockFact, MovesDeadline, Schedule } from '@qiyue/civic-domain';
import type { NeedStage, OfNeed, OfReservation, ProjectContent } from './project.commands';

interface OfMilestone {
  readonly milestoneId: string;
  readonly title: string;
  readonly note?: string;
}
/** Left out: there is no day, it is over already, or there is neither calendar nor policy. */
interface MayStartDeadline {
  readonly deadline?: Schedule;
}
/** What is used or freed with the project: so that what follows from the event needs no other. */
interface Letting {
  readonly reservations: readonly OfReservation[];
}
/** When nothing can come after it any more, unless a need moves. */
interface Settling {
  readonly closesAt: string;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/**
 * Every fact about a project. Seq, time and actor are the record's. The `stage` of a deadline's events names the deadline: `end` is the project's,
 * `m1`, `m2` … are those of its milestones. All times ISO 8601 with +08:00.
 */
export type ProjectEvent =
  | Of<'ProjectPlanned', ProjectContent & MayStartDeadline>
  | Of<'HelperJoined', { readonly unit: string }>
  | Of<'NeedAdded', OfNeed>
  | Of<'NeedMoved', OfNeed & { readonly stage: NeedStage } & Partial<Settling>>
  | Of<'ResourceAdded', OfReservation & { readonly quantity: number; readonly from: string; readonly to: string }>
  /** What a person said of it at the resource: it was used, or cannot be had. Also where that comes before the project counts on it. */
  | Of<'ResourceLeft', OfReservation & { readonly end: 'used' | 'freed' }>
  | Of<'ProjectStarted', { readonly cause: 'by-hand' | 'need' }>
  /** Also for another day than before. */
  | Of<'MilestonePlanned', OfMilestone & MayStartDeadline & { readonly dueOn: string }>
  | Of<'MilestoneReached', OfMilestone>
  | Of<'ProjectFinished', Letting & Settling & { readonly cause: 'by-hand' | 'needs' }>
  /** Works of a need are done again. */
  | Of<'ProjectReopened', OfNeed & MayStartDeadline>
  /** `needs`: those that are let go, as something may still be done about them. */
  | Of<'ProjectCancelled', Letting & { readonly reason: string; readonly needs: readonly string[] }>
  | Of<'ProjectClosed', Readonly<Record<string, never>>>
  | ClockFact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated'>
  | Of<'DeadlineMoved', MovesDeadline & { readonly cause: 'calendar' | 'policy' | 'calendar-and-policy' }>;

export type ProjectEventType = ProjectEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends ProjectEventType> = Extract<ProjectEvent, { type: T }>;
