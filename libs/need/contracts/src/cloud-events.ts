import type { Do, Fact, NeedEventType, PublicNeedCommandType } from '@qiyue/need-domain';
import { z } from 'zod';
import { commandId } from './command-id';
import { needCommandSchemas, PUBLIC_NEED_COMMANDS } from './command-schemas';
import { needEventSchemas, NEED_EVENT_TYPES } from './event-schemas';
import { instant, opaqueId } from './text-fields';

export const NEED_SOURCE = '/qiyue/need';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const eventEnvelope = {
  specversion: z.literal('1.0'),
  /** `<need id>:<seq>` */
  id: z.string().min(1),
  source: z.literal(NEED_SOURCE),
  subject: opaqueId,
  partitionkey: opaqueId,
  /** The seq as text, as the CloudEvents sequence extension has it: 1, 2, 3 … per need, without gaps. */
  sequence: z.string().regex(/^[1-9]\d{0,14}$/),
  sequencetype: z.literal('Integer').exactOptional(),
  time: instant,
  datacontenttype: z.literal('application/json'),
  actorid: z.string(),
  actorrole: z.string(),
  actorunit: z.string().exactOptional(),
  /** From rules 3 on `actorid` of a person is a pseudonym, `commandid` too: the id it stands for, sealed. */
  actorperson: z.string().exactOptional(),
  commandid: z.string().min(1),
  prevhash: hash,
  hash,
  /** Rules version under which it was made; left out for 1. */
  rules: z.int().min(2).exactOptional(),
  /** Place in the global feed. */
  position: z.int().min(1).exactOptional(),
};
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

const commandEnvelope = {
  specversion: z.literal('1.0'),
  id: commandId,
  source: z.string().min(1).max(500),
  time: z.iso.datetime({ offset: true }).exactOptional(),
  datacontenttype: z.literal('application/json').exactOptional(),
};
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
