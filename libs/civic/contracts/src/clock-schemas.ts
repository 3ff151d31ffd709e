import { z } from 'zod';
import { instant, listOf, personal } from './text-fields';

const words = z.string();
const privateWords = personal(z.string());
const note = privateWords.exactOptional();
const workingDays = z.int().min(1);
const stepKind = z.enum(['approaching', 'missed', 'escalated', 'lapsed']);
/** When a deadline ends; null where the calendar did not reach. */
export const deadlineEnd = instant.nullable();

const deadline = z.object({
  from: instant,
  dueAt: deadlineEnd,
  steps: listOf(z.object({ kind: stepKind, level: z.int().min(0), name: words.exactOptional(), at: deadlineEnd })),
  policy: words,
  calendar: words,
});

/** What an event that starts a deadline has of it: `StartsDeadline`. */
export const underPolicy = { policy: words, deadline: deadline.exactOptional() };

/** The `data` of each `ClockEvent`, of deadlines that these stages have. */
export const clockEventSchemas = <S extends z.ZodType<string>>(stage: S) => {
  const step = { stage, dueAt: instant, policy: words };
  const moved = { stage, oldDueAt: deadlineEnd, dueAt: deadlineEnd, deadline, again: listOf(words).exactOptional() };
  return {
    DeadlineApproaching: z.object(step),
    DeadlineMissed: z.object(step),
    Escalated: z.object({ ...step, level: z.int().min(1), name: words }),
    ClockPaused: z.object({ stage, pausedAt: instant, waitingFor: privateWords, reason: note }),
    ClockResumed: z.object({ ...moved, pausedAt: instant, resumedAt: instant, note }),
    ExtensionRequested: z.object({ stage, workingDays, reason: privateWords }),
    ExtensionGranted: z.object({ ...moved, workingDays, note }),
    ExtensionDenied: z.object({ stage, reason: privateWords }),
    DeadlineMoved: z.object({
      ...moved,
      cause: z.enum(['calendar', 'policy', 'calendar-and-policy', 'amended']),
      returnUntil: deadlineEnd.exactOptional(),
    }),
  };
};

const shownInstant = z.string().meta({ format: 'date-time' });
const shownOrNull = shownInstant.nullable();
const maybe = words.nullable();
const level = z.int().min(0);

/** A `ClockView` as answers show it. */
export const clockShown = <S extends z.ZodType<string>>(stage: S) =>
  z.object({
    stage,
    from: shownInstant,
    dueAt: shownOrNull,
    provisional: z.boolean().meta({ description: 'Some dates are not covered by the calendar yet' }),
    steps: z.array(z.object({ kind: stepKind, level, name: maybe, at: shownOrNull, firedAt: shownOrNull })).readonly(),
    policy: words,
    calendar: words,
    paused: z.object({ since: shownInstant, waitingFor: maybe }).nullable(),
    extension: z.object({ state: z.enum(['asked', 'granted', 'denied']), workingDays: z.int() }).nullable(),
    escalatedTo: level,
  });

/** Traffic light as answers show it. */
export const lightShown = z.enum(['green', 'yellow', 'red', 'paused']).nullable().meta({
  description: 'Green until the reminder, yellow until the deadline, red after it; null when nobody is waited for or there is no date yet',
});
