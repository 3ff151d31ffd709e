import type { AnyAggregate } from '@qiyue/aggregate';
import { COMMON_FIELDS, eventEnvelopeOf, sourceOf } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { described, textsOf } from './described';
import { EXAMPLE_ENTITY, EXAMPLE_INSTANT, goldenEvents } from './examples';
import { ENVELOPE_FIELDS, PLATFORM_FIELDS } from './field-texts';
import { jsonSchemaOf, type JsonSchema } from './json-schema';

/** All that documents say of one event. */
export interface EventFacts {
  readonly type: string;
  /** As in CloudEvents. */
  readonly name: string;
  readonly description: string;
  /** Commands that it comes of, with the roles that may give them; none for what comes from our own processes. */
  readonly senders: readonly { readonly command: string; readonly roles: readonly string[] }[];
  readonly changes: readonly string[];
  /** Highest version of its form. */
  readonly version: number;
  /** Of the whole message. */
  readonly payload: JsonSchema;
  /** Whole messages, of events as they were once recorded. */
  readonly examples: readonly object[];
}

export const eventFactsOf = (aggregate: AnyAggregate): readonly EventFacts[] => {
  const { events, access, decider, fields = {} } = aggregate;
  const kind = decider.aggregate;
  const recorded = goldenEvents(aggregate);
  const data = textsOf(fields, COMMON_FIELDS, PLATFORM_FIELDS);
  return Object.entries(events).map(([type, { schema, description = schema.description ?? '', by = [], changes = [] }]) => {
    const name = `qiyue.${kind}.${type}.v1`;
    const senders = by.map((command) => ({ command, roles: Object.keys(access.commands[command] ?? {}) }));
    const envelope = z.object({ ...eventEnvelopeOf(kind), type: z.literal(name) });
    return {
      ...{ type, name, description, senders, changes },
      version: 1 + (decider.upcasters?.[type]?.length ?? 0),
      payload: messageSchema(envelope, { description, ...described(jsonSchemaOf(schema, 'input', 'draft-7'), data, type) }),
      examples: (recorded[type] ?? []).map((one) => ({ ...envelopeOf(kind, senders[0]?.roles[0] ?? 'system'), type: name, data: one })),
    };
  });
};

/** A CloudEvent whose `data` has this schema. */
export const messageSchema = (envelope: z.ZodObject, data: JsonSchema): JsonSchema => {
  const message = described(jsonSchemaOf(envelope, 'input', 'draft-7'), textsOf(ENVELOPE_FIELDS), '');
  return {
    ...message,
    properties: { ...(message['properties'] as object), data },
    required: [...(message['required'] as readonly string[]), 'data'],
  };
};

const envelopeOf = (kind: string, role: string) => ({
  ...{ specversion: '1.0', id: `${EXAMPLE_ENTITY}:2`, source: sourceOf(kind), subject: EXAMPLE_ENTITY, partitionkey: EXAMPLE_ENTITY },
  ...{ sequence: '2', sequencetype: 'Integer', time: EXAMPLE_INSTANT, datacontenttype: 'application/json', actorid: `${role}-1`, actorrole: role },
  ...{ commandid: 'my-command', prevhash: '0'.repeat(64), hash: 'f'.repeat(64), position: 2 },
});
