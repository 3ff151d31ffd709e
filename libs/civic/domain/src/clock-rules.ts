import type { Context } from '@qiyue/engine';
import { afterStep, isSameSchedule, nextStep, sparing, stepId, type DeadlineClock } from './clock';
import type { ClockEvent, ClockFact } from './clock-events';
import { isAfter } from './instants';
import type { Schedule, ScheduledStep } from './policy/schedule';

type MoveCause = ClockFact<'DeadlineMoved'>['data']['cause'];

/** What a step of the ladder is recorded as. Null for `lapsed`: what comes of that is the aggregate's own. */
export const stepEventOf = <S extends string>(step: ScheduledStep, stage: S, { dueAt, policy }: Schedule, now: string): ClockEvent<S> | null => {
  const data = { stage, dueAt: dueAt ?? now, policy };
  switch (step.kind) {
    case 'approaching':
      return { type: 'DeadlineApproaching', data };
    case 'missed':
      return { type: 'DeadlineMissed', data };
    case 'escalated':
      return { type: 'Escalated', data: { ...data, level: step.level, name: step.name ?? String(step.level) } };
    case 'lapsed':
      return null;
  }
};

/** The event of a timer that names a step by its `stepId`. Null where it comes early, late or twice: that is no error, and nothing happens. */
export const stepTaken = <S extends string>(clock: DeadlineClock, stage: S, step: string, now: string): ClockEvent<S> | null => {
  const next = nextStep(clock);
  return next === null || stepId(next) !== step || isAfter(next.at, now) ? null : stepEventOf(next, stage, clock.schedule, now);
};

/** Why a deadline that nobody asked to move moves. */
export const moveCauseOf = (before: Schedule, after: Schedule): Exclude<MoveCause, 'amended'> => {
  const [isOtherCalendar, isOtherPolicy] = [after.calendar !== before.calendar, after.policy !== before.policy];
  return isOtherCalendar && isOtherPolicy ? 'calendar-and-policy' : isOtherPolicy ? 'policy' : 'calendar';
};

/** What another calendar or policy makes of a running deadline. Null where it stays as it is. */
export const movedTo = <S extends string>({ schedule }: DeadlineClock, stage: S, deadline: Schedule): ClockFact<'DeadlineMoved', S> | null =>
  isSameSchedule(deadline, schedule)
    ? null
    : {
        type: 'DeadlineMoved',
        data: { stage, cause: moveCauseOf(schedule, deadline), oldDueAt: schedule.dueAt, dueAt: deadline.dueAt, deadline },
      };

/** Since when another calendar or policy makes nothing late that was not: a version of a kind's rules. */
export interface SparingSince {
  readonly since: number;
  /** The schedule of a window that begins at this moment. */
  readonly scheduleFrom: (from: string) => Schedule;
}

/** What another calendar or policy makes of a running deadline: counted from its beginning, and from rules `since` on as `sparing` says. */
export const retimedTo = (clock: DeadlineClock, { rules, now }: Pick<Context, 'rules' | 'now'>, { since, scheduleFrom }: SparingSince): Schedule => {
  const counted = scheduleFrom(clock.schedule.from);
  return rules < since ? counted : sparing(clock, { counted, anew: () => scheduleFrom(now), now });
};

/** The running clock after an event of its own. */
export const clockWith = (clock: DeadlineClock, event: ClockEvent): DeadlineClock => {
  switch (event.type) {
    case 'DeadlineApproaching':
      return afterStep(clock, { kind: 'approaching', level: 0 });
    case 'DeadlineMissed':
      return afterStep(clock, { kind: 'missed', level: 0 });
    case 'Escalated':
      return afterStep(clock, { kind: 'escalated', level: event.data.level });
    case 'ClockPaused':
      return { ...clock, paused: { since: event.data.pausedAt, waitingFor: event.data.waitingFor } };
    case 'ClockResumed': {
      const { pausedAt, resumedAt } = event.data;
      return { ...rescheduledTo(clock, event), paused: null, pauses: [...clock.pauses, { from: pausedAt, to: resumedAt }] };
    }
    case 'ExtensionRequested':
      return { ...clock, extension: { state: 'asked', workingDays: event.data.workingDays } };
    case 'ExtensionGranted':
      return { ...rescheduledTo(clock, event), extension: { state: 'granted', workingDays: event.data.workingDays } };
    case 'ExtensionDenied':
      return { ...clock, extension: clock.extension && { ...clock.extension, state: 'denied' } };
    case 'DeadlineMoved':
      return rescheduledTo(clock, event);
  }
};

type Moving = ClockFact<'ClockResumed' | 'ExtensionGranted' | 'DeadlineMoved'>;

const rescheduledTo = (clock: DeadlineClock, { data: { deadline, again } }: Moving): DeadlineClock => ({
  ...clock,
  schedule: deadline,
  ...(again === undefined ? {} : { fired: clock.fired.filter((step) => !again.includes(step)) }),
});
