import { clockEventSchemas, line, name, ownContact, personal, text, underPolicy, type Same } from '@qiyue/civic-contracts';
import { z } from 'zod';
import type { LiftCommand, LiftEvent } from './lift-inspection.domain';

const note = personal(text(1000));

export const commandSchemas = {
  schedule: z.strictObject({ lift: line(100), unit: name(100), phone: ownContact(line(30)) }),
  inspect: z.strictObject({ passed: z.boolean(), note: note.exactOptional() }),
  repair: z.strictObject({ note }),
  close: z.strictObject({}),
};

const words = z.string();
const privateWords = personal(words);
const author = z.object({ id: words, role: words, unit: words.nullable(), person: privateWords.exactOptional() });
const { DeadlineApproaching, DeadlineMissed, Escalated, DeadlineMoved } = clockEventSchemas(z.literal('scheduled'));

export const eventSchemas = {
  InspectionScheduled: z.object({ lift: words, unit: words, phone: privateWords, author, ...underPolicy }),
  LiftInspected: z.object({ passed: z.boolean(), note: privateWords.exactOptional() }),
  LiftRepaired: z.object({ note: privateWords }),
  InspectionClosed: z.object({}),
  ...{ DeadlineApproaching, DeadlineMissed, Escalated, DeadlineMoved },
} satisfies Readonly<Record<LiftEvent['type'], z.ZodType>>;

type Commands = { readonly [T in keyof typeof commandSchemas]: Extract<LiftCommand, { type: T }>['data'] };
type Events = { readonly [T in LiftEvent['type']]: Extract<LiftEvent, { type: T }>['data'] };
/** Two-way check: the wire and the domain may not drift apart. */
export const commandsMatchDomain: Same<{ readonly [T in keyof Commands]: z.infer<(typeof commandSchemas)[T]> }, Commands> = true;
export const eventsMatchDomain: Same<{ readonly [T in keyof Events]: z.infer<(typeof eventSchemas)[T]> }, Events> = true;
