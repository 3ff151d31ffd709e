import type { Basis, Pause, Schedule, ScheduledStep } from './policy/schedule';
import { isAfter } from './instants';

/** A deadline that runs: what it follows from and what has become of it. A stage that is entered anew has a new one. */
export interface DeadlineClock {
  readonly schedule: Schedule;
  readonly promisedBy: string | null;
  /** Ended stretches of standing still. */
  readonly pauses: readonly Pause[];
  /** Stands still now; nothing falls due. */
  readonly paused: { readonly since: string; readonly waitingFor: string } | null;
  readonly extension: { readonly state: 'asked' | 'granted' | 'denied'; readonly workingDays: number } | null;
  /** Steps that have happened, by `stepId`: once each, wherever the dates move. */
  readonly fired: readonly string[];
}

/** Null for an event of before there were ladders. */
export const startClock = (schedule: Schedule | undefined, promisedBy: string | null = null): DeadlineClock | null =>
  schedule === undefined ? null : { schedule, promisedBy, pauses: [], paused: null, extension: null, fired: [] };

export const stepId = ({ kind, level }: Pick<ScheduledStep, 'kind' | 'level'>): string => (kind === 'escalated' ? `${kind}:${level}` : kind);

export const afterStep = (clock: DeadlineClock, step: Pick<ScheduledStep, 'kind' | 'level'>): DeadlineClock => ({
  ...clock,
  fired: [...clock.fired, stepId(step)],
});

/** The next step that has an instant and has not happened; null while the clock stands still. */
export const nextStep = ({ schedule, paused, fired }: DeadlineClock): (ScheduledStep & { readonly at: string }) | null => {
  if (paused !== null) return null;
  const open = schedule.steps.filter((step): step is ScheduledStep & { at: string } => step.at !== null && !fired.includes(stepId(step)));
  return open.reduce<(typeof open)[number] | null>((first, step) => (first === null || isAfter(first.at, step.at) ? step : first), null);
};

/**
 * Steps that have been taken and lie ahead again once the clock goes by another schedule: who misses the deadline that was moved for them is told again. None
 * while the new deadline has passed as well: it was missed once.
 */
export const stepsAgain = ({ fired }: DeadlineClock, { dueAt, steps }: Schedule, now: string): readonly string[] =>
  dueAt === null || !isAfter(dueAt, now)
    ? []
    : steps
        .filter(({ at }) => at !== null && isAfter(at, now))
        .map(stepId)
        .filter((step) => fired.includes(step));

/**
 * What another calendar or policy makes of a running deadline, so that it makes nothing late that was not: `counted` from the beginning; of another policy no
 * earlier than it stood, or than a whole window that begins now (`anew`), whichever comes first; likewise where `counted` is over. Steps that `counted` puts
 * before now, and that lay ahead, stay where they lay: they do not all happen at once.
 */
export const sparing = (
  { schedule, fired }: DeadlineClock,
  { counted, anew, now }: { readonly counted: Schedule; readonly anew: () => Schedule; readonly now: string },
): Schedule => {
  const isOver = counted.dueAt !== null && !isAfter(counted.dueAt, now);
  const chosen = isOver || counted.policy !== schedule.policy ? notEarlier(schedule, counted, anew) : counted;
  const isSprung = (step: ScheduledStep): boolean => step.at !== null && !isAfter(step.at, now) && !fired.includes(stepId(step));
  const steps = chosen.steps.flatMap((step) => {
    const before = schedule.steps.find((old) => stepId(old) === stepId(step));
    return isSprung(step) && before?.at !== step.at ? heldStep(step, before, now) : [step];
  });
  return { ...chosen, steps };
};

/** One that did not lie ahead either goes as it is counted; one that there was not does not come. */
const heldStep = (step: ScheduledStep, before: ScheduledStep | undefined, now: string): readonly ScheduledStep[] => {
  if (before === undefined) return [];
  return before.at !== null && !isAfter(before.at, now) ? [step] : [{ ...step, at: before.at }];
};

/** A deadline without a date does not stand anywhere yet: it is not shortened. */
const notEarlier = (schedule: Schedule, counted: Schedule, anew: () => Schedule): Schedule => {
  const isShorter = (than: Schedule): boolean => counted.dueAt !== null && than.dueAt !== null && isAfter(than.dueAt, counted.dueAt);
  if (schedule.dueAt !== null && !isShorter(schedule)) return counted;
  const fromNow = anew();
  if (!isShorter(fromNow)) return counted;
  return schedule.dueAt !== null && fromNow.dueAt !== null && isAfter(fromNow.dueAt, schedule.dueAt) ? schedule : fromNow;
};

/** What the clock's schedule follows from, without the stretch in which it stands still now. */
export const basisOf = (clock: DeadlineClock, matter: Pick<Basis, 'stage' | 'urgency' | 'category'>): Basis => ({
  ...matter,
  from: clock.schedule.from,
  promisedBy: clock.promisedBy,
  extensionWorkingDays: clock.extension?.state === 'granted' ? clock.extension.workingDays : 0,
  pauses: clock.pauses,
});

export const isSameSchedule = (a: Schedule, b: Schedule): boolean =>
  a.dueAt === b.dueAt && a.steps.length === b.steps.length && a.steps.every((step, i) => isSameStep(step, b.steps[i]));

const isSameStep = (a: ScheduledStep, b: ScheduledStep | undefined): boolean => b !== undefined && stepId(a) === stepId(b) && a.at === b.at;
