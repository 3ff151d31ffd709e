import { stepId, type ClockEvent, type ClockFact, type Schedule, type ScheduledStep } from '@qiyue/civic-domain';
import type { EventShape } from '@qiyue/engine';

export interface StepView {
  readonly kind: ScheduledStep['kind'];
  /** 0, or 1 … n for the rungs. */
  readonly level: number;
  /** The rung's, 催办 and so on. */
  readonly name: string | null;
  /** Null while the calendar does not cover it. */
  readonly at: string | null;
  readonly firedAt: string | null;
}

/** The deadline that runs, with its ladder. */
export interface ClockView<S extends string = string> {
  readonly stage: S;
  readonly from: string;
  readonly dueAt: string | null;
  /** Some of its dates are not covered by the calendar yet. */
  readonly provisional: boolean;
  readonly steps: readonly StepView[];
  readonly policy: string;
  readonly calendar: string;
  readonly paused: { readonly since: string; readonly waitingFor: string | null } | null;
  readonly extension: { readonly state: 'asked' | 'granted' | 'denied'; readonly workingDays: number } | null;
  /** The highest rung that was climbed behind the deadline as it stands now, 0 for none: of one that was moved ahead its stage has it alone. */
  readonly escalatedTo: number;
}

/** What documents and events call the parts of a deadline that are for everybody. Why a clock stands still is not among them. */
export const CLOCK_NAMES = [
  ...['clock', 'deadline', 'stage', 'from', 'dueAt', 'oldDueAt', 'provisional', 'steps', 'kind', 'level', 'name', 'at', 'firedAt', 'cause'],
  ...['policy', 'calendar', 'paused', 'since', 'pausedAt', 'resumedAt', 'extension', 'state', 'workingDays', 'escalatedTo', 'light', 'again'],
] as const;

/** One stage with a deadline, finished or running: what timeliness is counted from. */
export interface StageTimeView<S extends string = string> {
  readonly stage: S;
  readonly round: number;
  /** Who was waited for: the lead; on the list and at the evaluation nobody by name. */
  readonly unit: string | null;
  readonly from: string;
  /** As it stood last: with pauses, extension and corrections. */
  readonly dueAt: string | null;
  readonly endedAt: string | null;
  /**
   * True once it was missed, wherever the deadline was moved since. Else null while it runs, without a date, and when it was broken off. The last instant still
   * counts as in time.
   */
  readonly late: boolean | null;
  /** The highest rung that was climbed, wherever the deadline was moved since. */
  readonly escalatedTo: number;
}

interface Timed<S extends string> {
  readonly stages: readonly StageTimeView<S>[];
  readonly clock: ClockView<S> | null;
}

export const startedClock = <S extends string>(stage: S, schedule: Schedule | undefined): ClockView<S> | null =>
  schedule === undefined ? null : { ...scheduled(stage, schedule, []), paused: null, extension: null, escalatedTo: 0 };

type Scheduled<S extends string> = Pick<ClockView<S>, 'stage' | 'from' | 'dueAt' | 'provisional' | 'steps' | 'policy' | 'calendar'>;

const scheduled = <S extends string>(
  stage: S,
  { from, dueAt, steps, policy, calendar }: Schedule,
  before: readonly StepView[],
  again: readonly string[] = [],
): Scheduled<S> => {
  const firedAt = new Map(before.flatMap((step) => (again.includes(stepId(step)) ? [] : [[stepId(step), step.firedAt]])));
  const shown = steps.map(({ kind, level, name, at }) => ({
    kind,
    level,
    name: name ?? null,
    at,
    firedAt: firedAt.get(stepId({ kind, level })) ?? null,
  }));
  return { stage, from, dueAt, provisional: dueAt === null || steps.some(({ at }) => at === null), steps: shown, policy, calendar };
};

/** The running clock after an event, and its stage with it: what was missed stays so. Others than those of the clock leave both as they are. */
export const timedAfter = <S extends string>(clock: ClockView<S>, stages: readonly StageTimeView<S>[], event: EventShape, at: string) => {
  const next = clockAfter(clock, event, at);
  const { dueAt, escalatedTo } = next;
  const isMissed = event.type === 'DeadlineMissed';
  return {
    clock: next,
    stages: runningStages(stages, (time) => ({
      dueAt,
      escalatedTo: Math.max(time.escalatedTo, escalatedTo),
      ...(isMissed ? { late: true } : {}),
    })),
  };
};

/** What an event makes of the running clock; others leave it as it is. */
export const clockAfter = <S extends string>(clock: ClockView<S>, given: EventShape, at: string): ClockView<S> => {
  const event = given as ClockEvent<S>;
  switch (event.type) {
    case 'DeadlineApproaching':
      return fired(clock, 'approaching', 0, at);
    case 'DeadlineMissed':
      return fired(clock, 'missed', 0, at);
    case 'Escalated':
      return { ...fired(clock, 'escalated', event.data.level, at), escalatedTo: Math.max(clock.escalatedTo, event.data.level) };
    case 'ClockPaused':
      return { ...clock, paused: { since: event.data.pausedAt, waitingFor: event.data.waitingFor } };
    case 'ClockResumed':
      return { ...moved(clock, event, at), paused: null };
    case 'ExtensionRequested':
      return { ...clock, extension: { state: 'asked', workingDays: event.data.workingDays } };
    case 'ExtensionGranted':
      return { ...moved(clock, event, at), extension: { state: 'granted', workingDays: event.data.workingDays } };
    case 'ExtensionDenied':
      return { ...clock, extension: clock.extension && { ...clock.extension, state: 'denied' } };
    case 'DeadlineMoved':
      return moved(clock, event, at);
    default:
      return clock;
  }
};

const fired = <S extends string>(clock: ClockView<S>, kind: StepView['kind'], level: number, at: string): ClockView<S> => ({
  ...clock,
  steps: clock.steps.map((step) => (step.kind === kind && step.level === level ? { ...step, firedAt: at } : step)),
});

const moved = <S extends string>(
  clock: ClockView<S>,
  { data }: ClockFact<'ClockResumed' | 'ExtensionGranted' | 'DeadlineMoved', S>,
  at: string,
): ClockView<S> => ({
  ...clock,
  ...scheduled(clock.stage, data.deadline, clock.steps, data.again),
  ...(data.dueAt !== null && data.dueAt > at ? { escalatedTo: 0 } : {}),
});

/** The stages so far, the last one ended at `at`; one that ends while the clock stands still is measured by when it stopped. */
export const endedStages = <S extends string>({ stages, clock }: Timed<S>, at: string): readonly StageTimeView<S>[] =>
  stages.map((time) =>
    time.endedAt === null
      ? { ...time, endedAt: at, late: time.late ?? (time.dueAt === null ? null : (clock?.paused?.since ?? at) > time.dueAt) }
      : time,
  );

/** The same where it was broken off: nobody kept or missed anything. */
export const brokenOffStages = <S extends string>({ stages }: Pick<Timed<S>, 'stages'>, at: string): readonly StageTimeView<S>[] =>
  stages.map((time) => (time.endedAt === null ? { ...time, endedAt: at } : time));

const runningStages = <S extends string>(
  stages: readonly StageTimeView<S>[],
  changed: (time: StageTimeView<S>) => Partial<StageTimeView<S>>,
): readonly StageTimeView<S>[] => stages.map((time) => (time.endedAt === null ? { ...time, ...changed(time) } : time));
