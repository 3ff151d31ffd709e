import type { Do, Fact, NeedEventType, PublicNeedCommandType } from '@qiyue/need-domain';
import { commandEnvelope, eventEnvelopeOf, opaqueId, sourceOf } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { needCommandSchemas, PUBLIC_NEED_COMMANDS } from './command-schemas';
import { needEventSchemas, NEED_EVENT_TYPES } from './event-schemas';

export const NEED_SOURCE = sourceOf('need');

const eventEnvelope = eventEnvelopeOf('need');
const eventEnvelopeSchema = z.object(eventEnvelope);

/** A message of `qiyue.need.events`. */
export type NeedCloudEvent = {
  readonly [T in NeedEventType]: z.infer<typeof eventEnvelopeSchema> & { readonly type: `qiyue.need.${T}.v1`; readonly data: Fact<T>['data'] };
}[NeedEventType];

const cloudEvents = NEED_EVENT_TYPES.map((type) =>
  z.object({ ...eventEnvelope, type: z.literal(`qiyue.need.${type}.v1`), data: needEventSchemas[type] }),
);

/** CloudEvents 1.0 in structured JSON. Extensions that it does not know are dropped, as the standard asks of readers. */
export const needCloudEvent = z.discriminatedUnion('type', cloudEvents as [(typeof cloudEvents)[number]]) as unknown as z.ZodType<NeedCloudEvent>;

const commandEnvelopeSchema = z.object(commandEnvelope);

type Addressed<T extends PublicNeedCommandType> = T extends 'submit' ? { readonly subject?: string } : { readonly subject: string };

/** A message of `qiyue.need.commands`: `data` is the HTTP body, `subject` the need's id. */
export type NeedCommandEvent = {
  readonly [T in PublicNeedCommandType]: z.infer<typeof commandEnvelopeSchema> &
    Addressed<T> & { readonly type: `qiyue.need.${T}.v1`; readonly data: Do<T>['data'] };
}[PublicNeedCommandType];

const commandEvents = PUBLIC_NEED_COMMANDS.map((type) =>
  z.object({
    ...commandEnvelope,
    subject: type === 'submit' ? opaqueId.exactOptional() : opaqueId,
    type: z.literal(`qiyue.need.${type}.v1`),
    data: needCommandSchemas[type],
  }),
);

/** Only public commands have one: `adopt`, `unadopt` and `close` cannot be sent from outside. */
export const needCommandEvent = z.discriminatedUnion(
  'type',
  commandEvents as [(typeof commandEvents)[number]],
) as unknown as z.ZodType<NeedCommandEvent>;

/** `qiyue.need.claim.v1` → `claim`; null for anything that is no public command. */
export const commandTypeOf = (cloudEventType: string): PublicNeedCommandType | null =>
  PUBLIC_NEED_COMMANDS.find((type) => cloudEventType === `qiyue.need.${type}.v1`) ?? null;
