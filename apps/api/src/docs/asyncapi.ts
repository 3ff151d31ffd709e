import { commandTopicOf, deadLetterTopicOf, eventTopicOf } from '@qiyue/engine';
import { needCloudEvent, needCommandEvent } from '@qiyue/need-contracts';
import type { z } from 'zod';
import { jsonSchemaOf, type JsonSchema } from './json-schema';

const CHANNELS = {
  needCommands: {
    address: commandTopicOf('need'),
    description: 'Commands to needs; the bearer token is in the Kafka header `authorization`, the key is the need’s id',
  },
  needEvents: {
    address: eventTopicOf('need'),
    description: 'All events of all needs; the key is the need’s id, the order per need is that of `sequence`',
  },
  needDeadLetters: {
    address: deadLetterTopicOf('need'),
    description: 'Commands that can never be taken, as they came but without their token; the reason is in the header `reason`',
  },
} as const;

interface Message {
  readonly name: string;
  readonly payload: JsonSchema;
}

/** One message per CloudEvents `type`, out of a union of envelopes. */
const messagesOf = (union: z.ZodType): readonly Message[] => {
  const schema = jsonSchemaOf(union, 'input', 'draft-7');
  const variants = (schema['anyOf'] ?? schema['oneOf']) as readonly { readonly properties: { readonly type: { readonly const: string } } }[];
  return variants.map((payload) => ({ name: payload.properties.type.const, payload: payload as unknown as JsonSchema }));
};

const headers = (name: string, description: string): object => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'string', description } },
});

const keyOf = ({ name }: Message): string => name.replace(/[^A-Za-z0-9]/g, '_');

const message =
  (extra: object) =>
  (one: Message): readonly [string, object] => [
    keyOf(one),
    { name: one.name, contentType: 'application/cloudevents+json', payload: one.payload, ...extra },
  ];

const refs = (messages: readonly Message[]): object =>
  Object.fromEntries(messages.map((one) => [keyOf(one), { $ref: `#/components/messages/${keyOf(one)}` }]));

const operation = (action: 'send' | 'receive', channel: keyof typeof CHANNELS, summary: string): object => ({
  action,
  summary,
  channel: { $ref: `#/channels/${channel}` },
});

const deadLetter: Message = {
  name: 'qiyue.need.dead',
  payload: { type: 'string', description: 'What is kept of it: id, type, need, the names of its fields, and what is sealed' },
};

/** AsyncAPI 3 of the topics, made of the schemas that check what comes in on them. */
export const asyncApiDocument = (version: string): object => {
  const commands = messagesOf(needCommandEvent);
  const events = messagesOf(needCloudEvent);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Qiyue',
      version,
      description: 'CloudEvents 1.0 in structured JSON. Delivery is at least once; drop by `subject` and `sequence`.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      needCommands: { ...CHANNELS.needCommands, messages: refs(commands) },
      needEvents: { ...CHANNELS.needEvents, messages: refs(events) },
      needDeadLetters: { ...CHANNELS.needDeadLetters, messages: refs([deadLetter]) },
    },
    operations: {
      takeCommand: operation('receive', 'needCommands', 'Takes a command; its outcome is at `/v1/commands/{id}`'),
      publishEvent: operation('send', 'needEvents', 'Says what happened'),
      buryCommand: operation('send', 'needDeadLetters', 'Sets aside what can never be taken'),
    },
    components: {
      messages: Object.fromEntries([
        ...commands.map(message({ headers: headers('authorization', '`Bearer <JWT>`') })),
        ...events.map(message({})),
        message({ headers: headers('reason', 'Why it can never be taken') })(deadLetter),
      ]),
    },
  };
};
