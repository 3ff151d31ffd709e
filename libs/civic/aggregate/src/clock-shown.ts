import { lightShown } from '@qiyue/civic-contracts';
import { z } from 'zod';

const maybe = z.string().nullable();
const count = z.int().min(0);

export const instantShown = z.string().meta({ format: 'date-time' });
const instantOrNull = instantShown.nullable();

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

/** How a deadline stands, in lists. */
export const standingShown = { light: lightShown, escalatedTo: count, provisional: z.boolean() };
