import type { AnyAggregate } from '@qiyue/aggregate';
import { commandEnvelope, opaqueId } from '@qiyue/civic-contracts';
import { commandTopicOf, commandTypeNameOf, deadLetterTopicOf, eventTopicOf } from '@qiyue/engine';
import { AUDIT_TOPIC, CHECKPOINT_TOPIC, receiptTopicOf } from '@qiyue/audit';
import { deadEventTopicOf } from '@qiyue/edge';
import { z } from 'zod';
import { camel, schemaNames, textsFor } from './aggregate-paths';
import { described } from './described';
import { eventFactsOf, messageSchema, type EventFacts } from './event-facts';
import { EXAMPLE_ENTITY } from './examples';
import { jsonSchemaOf, type JsonSchema } from './json-schema';

/** One form that a message of a topic takes. */
interface Message {
  readonly name: string;
  readonly payload: JsonSchema;
  readonly headers?: object;
  readonly examples?: readonly object[];
  readonly summary?: string;
}

/** A topic: what is on it, and which way it goes. */
interface Topic {
  readonly name: string;
  readonly address: string;
  readonly description: string;
  /** From where we stand. */
  readonly action: 'send' | 'receive';
  readonly summary: string;
  readonly messages: readonly Message[];
}

const headers = (name: string, description: string): object => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'string', description } },
});

const keyOf = ({ name }: Message): string => name.replace(/[^A-Za-z0-9]/g, '_');

const commandMessage = (aggregate: AnyAggregate, type: string): Message => {
  const { decider, commands } = aggregate;
  const name = commandTypeNameOf(decider.aggregate, type);
  const { schema = z.object({}), summary, example = {} } = commands[type] ?? {};
  const isFirst = type === decider.startsWith;
  const envelope = z.object({ ...commandEnvelope, type: z.literal(name), subject: isFirst ? opaqueId.exactOptional() : opaqueId });
  const data = described(jsonSchemaOf(schema, 'input', 'draft-7'), textsFor(aggregate), schemaNames(aggregate).body(type));
  const payload = {
    specversion: '1.0',
    id: 'my-command',
    source: '/my-service',
    type: name,
    ...(isFirst ? {} : { subject: EXAMPLE_ENTITY }),
    data: example,
  };
  return {
    ...{ name, summary: summary?.en ?? type, headers: headers('authorization', '`Bearer <JWT>`') },
    payload: messageSchema(envelope, { description: 'The body, as over HTTP', ...data }),
    examples: [{ name: 'command', headers: { authorization: 'Bearer eyJ…' }, payload }],
  };
};

const eventMessage = ({ name, description, payload, examples }: EventFacts): Message => ({
  ...{ name, summary: description, payload },
  examples: examples.slice(0, 1).map((one) => ({ name: 'recorded', payload: one })),
});

const text = (description: string): JsonSchema => ({ type: 'string', description });

const topicsOf = (aggregate: AnyAggregate): readonly Topic[] => {
  const {
    decider: { aggregate: name },
    noun,
    commands,
  } = aggregate;
  const of = camel(name);
  return [
    {
      name: `${of}Commands`,
      address: commandTopicOf(name),
      description: `Commands; the bearer token is in the Kafka header \`authorization\`, the key is the id of the ${noun.en}`,
      action: 'receive',
      summary: 'Takes a command; its outcome is at `/v1/commands/{id}`',
      messages: Object.keys(commands).map((type) => commandMessage(aggregate, type)),
    },
    {
      name: `${of}Events`,
      address: eventTopicOf(name),
      description: `All events of every ${noun.en}; the key is its id, the order per key is that of \`sequence\``,
      action: 'send',
      summary: 'Says what happened',
      messages: eventFactsOf(aggregate).map(eventMessage),
    },
    {
      name: `${of}DeadLetters`,
      address: deadLetterTopicOf(name),
      description: 'Commands that can never be taken, as they came but without their token; the reason is in the header `reason`',
      action: 'send',
      summary: 'Sets aside what can never be taken',
      messages: [
        {
          name: `qiyue.${name}.dead`,
          payload: text('What is kept of it: id, type, subject, the names of its fields, and what is sealed'),
          headers: headers('reason', 'Why it can never be taken'),
        },
      ],
    },
    {
      name: `${of}DeadEvents`,
      address: deadEventTopicOf(name),
      description: 'Events on the topic that nobody can apply: written by somebody else, or broken; the reason is in the header `reason`',
      action: 'send',
      summary: 'Sets aside what is no event of ours',
      messages: [{ name: `qiyue.${name}.dead-event`, payload: text('As it came'), headers: headers('reason', 'Why it cannot be applied') }],
    },
    {
      name: `${of}Receipts`,
      address: receiptTopicOf(name),
      description: 'What was acknowledged before the ledger had it: for `reconcile`',
      action: 'send',
      summary: 'Says what must not be lost',
      messages: [
        {
          name: `qiyue.${name}.receipt`,
          payload: {
            type: 'object',
            required: ['commandId', 'entity', 'seq'],
            properties: {
              commandId: text('Id of the command'),
              entity: text('Id of the entity'),
              seq: { type: 'integer', minimum: 1, description: 'Number of its last event' },
            },
          },
        },
      ],
    },
  ];
};

const commonTopics: readonly Topic[] = [
  {
    name: 'auditEvents',
    address: AUDIT_TOPIC,
    description: 'Facts of the journal: who was refused, who saw or took away what, what operators did. CloudEvents like those of the aggregates',
    action: 'send',
    summary: 'Says what was done beside commands',
    messages: [{ name: 'qiyue.audit.fact', payload: { type: 'object', description: 'A CloudEvent; `data` names no words of persons' } }],
  },
  {
    name: 'checkpoints',
    address: CHECKPOINT_TOPIC,
    description: 'Signed tree heads over the ledgers, by which copies are checked against what was there',
    action: 'send',
    summary: 'Bears witness of the ledger',
    messages: [{ name: 'qiyue.checkpoint', payload: { type: 'object', description: 'A checkpoint as `qiyue audit` reads it' } }],
  },
];

const messageOf = (one: Message): object => ({
  name: one.name,
  contentType: 'application/cloudevents+json',
  payload: one.payload,
  ...(one.summary === undefined ? {} : { summary: one.summary }),
  ...(one.headers === undefined ? {} : { headers: one.headers }),
  ...(one.examples === undefined ? {} : { examples: one.examples }),
});

const refs = (messages: readonly Message[]): object =>
  Object.fromEntries(messages.map((one) => [keyOf(one), { $ref: `#/components/messages/${keyOf(one)}` }]));

/** AsyncAPI 3 of the topics, made of the definitions that check what comes in on them. */
export const asyncApiDocument = (version: string, aggregates: readonly AnyAggregate[]): object => {
  const topics = [...aggregates.flatMap(topicsOf), ...commonTopics];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Qiyue',
      version,
      description: 'CloudEvents 1.0 in structured JSON. Delivery is at least once; drop by `subject` and `sequence`.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(
      topics.map(({ name, address, description, messages }) => [name, { address, description, messages: refs(messages) }]),
    ),
    operations: Object.fromEntries(
      topics.map(({ name, action, summary }) => [`${action}_${name}`, { action, summary, channel: { $ref: `#/channels/${name}` } }]),
    ),
    components: { messages: Object.fromEntries(topics.flatMap(({ messages }) => messages.map((one) => [keyOf(one), messageOf(one)]))) },
  };
};
