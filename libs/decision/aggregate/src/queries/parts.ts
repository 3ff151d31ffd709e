import type { AggregateQuery } from '@qiyue/aggregate';
import { COMMON_PARTS } from '@qiyue/decision-domain';
import { z } from 'zod';

const part = z.object({
  code: z.string().meta({ description: 'As `plan.parts` names it' }),
  kind: z.enum(['part', 'facility']).meta({ description: 'A common part of the building, or a common facility' }),
  name: z.object({ zh: z.string().meta({ description: 'In Chinese' }), en: z.string().meta({ description: 'In English' }) }).meta({
    description: 'What it is called',
  }),
  source: z.string().meta({ description: 'Law that it stands in' }),
});
const partsAnswer = z.object({ parts: z.array(part).readonly() });
const partsQuery = z.strictObject({});
export type Parts = z.infer<typeof partsAnswer>;

/** What the maintenance fund may be used for. */
export const parts: AggregateQuery<z.infer<typeof partsQuery>, Parts> = {
  path: 'decisions/parts',
  summary: 'Common parts and facilities that the maintenance fund may be used for',
  parameters: partsQuery,
  answer: partsAnswer,
  read: () => Promise.resolve({ parts: COMMON_PARTS.map(({ code, kind, zh, en, source }) => ({ code, kind, name: { zh, en }, source })) }),
};
