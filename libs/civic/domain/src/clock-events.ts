import type { Schedule } from './policy/schedule';

/** Version of the policy that gave the deadlines of the same event. */
export interface UnderPolicy {
  readonly policy: string;
}
/** The deadline that an event starts, with its whole ladder. Events from before there were ladders have none. */
export interface StartsDeadline extends UnderPolicy {
  readonly deadline?: Schedule;
}
/** A deadline that runs already and ends at another time now. */
export interface MovesDeadline<S extends string = string> {
  readonly stage: S;
  readonly oldDueAt: string | null;
  readonly dueAt: string | null;
  readonly deadline: Schedule;
  /** Steps that had been taken and lie ahead again, by `stepId`: they will be told again. Left out: none. */
  readonly again?: readonly string[];
}
/** A step of the ladder, taken by the clock. */
export interface DeadlineStep<S extends string = string> extends UnderPolicy {
  readonly stage: S;
  readonly dueAt: string;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** What happens to a deadline while it runs, the same for every aggregate. `stage` names the deadline. */
export type ClockEvent<S extends string = string> =
  | Of<'DeadlineApproaching', DeadlineStep<S>>
  | Of<'DeadlineMissed', DeadlineStep<S>>
  /** 催办, 通报 and so on: `level` 1 … n, `name` as the policy calls it. */
  | Of<'Escalated', DeadlineStep<S> & { readonly level: number; readonly name: string }>
  | Of<'ClockPaused', { readonly stage: S; readonly pausedAt: string; readonly waitingFor: string; readonly reason?: string }>
  | Of<'ClockResumed', MovesDeadline<S> & { readonly pausedAt: string; readonly resumedAt: string; readonly note?: string }>
  | Of<'ExtensionRequested', { readonly stage: S; readonly workingDays: number; readonly reason: string }>
  | Of<'ExtensionGranted', MovesDeadline<S> & { readonly workingDays: number; readonly note?: string }>
  | Of<'ExtensionDenied', { readonly stage: S; readonly reason: string }>
  /** The calendar, the policy or the entity's own urgency changed. */
  | Of<
      'DeadlineMoved',
      MovesDeadline<S> & {
        readonly cause: 'calendar' | 'policy' | 'calendar-and-policy' | 'amended';
        /** Of a claim: the window in which it can be given back moves too. */
        readonly returnUntil?: string | null;
      }
    >;
/** Events of the steps of a ladder, by what a schedule calls the step. */
export const CLOCK_STEPS = {
  DeadlineApproaching: 'approaching',
  DeadlineMissed: 'missed',
  Escalated: 'escalated',
} as const satisfies Readonly<Partial<Record<ClockEvent['type'], string>>>;
export type ClockStepType = keyof typeof CLOCK_STEPS;

/** One of them by its type. */
export type ClockFact<T extends ClockEvent['type'], S extends string = string> = Extract<ClockEvent<S>, { type: T }>;
