import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const count = z.int().min(0);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();

export const instantShown = z.string().meta({ format: 'date-time', description: 'ISO 8601 with +08:00' });
const instantOrNull = instantShown.nullable();

const step = z.object({
  kind: z.enum(['approaching', 'missed', 'escalated', 'lapsed']),
  level: count,
  name: maybe,
  at: instantOrNull,
  firedAt: instantOrNull,
});

/** The deadline that runs, with its ladder, as documents show it. `stages`: those with a deadline. */
export const clockShownOf = <S extends string>(stages: readonly S[]) =>
  z.object({
    stage: z.enum(stages as readonly [S, ...S[]]),
    from: instantShown,
    dueAt: instantOrNull,
    provisional: z.boolean().meta({ description: 'Some dates are not covered by the calendar yet' }),
    steps: list(step),
    policy: text,
    calendar: text,
    paused: z.object({ since: instantShown, waitingFor: maybe }).nullable(),
    extension: z.object({ state: z.enum(['asked', 'granted', 'denied']), workingDays: z.int() }).nullable(),
    escalatedTo: count,
  });

/** One stage with a deadline, finished or running. */
export const stageTimeShownOf = <S extends string>(stages: readonly S[]) =>
  z.object({
    stage: z.enum(stages as readonly [S, ...S[]]),
    round: z.int().min(1),
    unit: maybe,
    from: instantShown,
    dueAt: instantOrNull,
    endedAt: instantOrNull,
    late: z.boolean().nullable(),
    escalatedTo: count,
  });

export const lightShown = z.enum(['green', 'yellow', 'red', 'paused']).nullable().meta({
  description: 'Green until the reminder, yellow until the deadline, red after it; null when nobody is waited for or there is no date yet',
});
/** How a deadline stands, in lists. */
export const standingShown = { light: lightShown, escalatedTo: count, provisional: z.boolean() };
