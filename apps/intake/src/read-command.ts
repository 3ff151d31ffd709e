import { commandTypeNameOf } from '@qiyue/engine';
import { z } from 'zod';
import { jsonFault, parseJson, type IncomingMessage } from '@qiyue/platform';
import { commandId } from '@qiyue/civic-contracts';
import type { AnyAggregate } from '@qiyue/aggregate';

/** A command as the topic holds it, before its body is looked at: that is for the same entry point as over HTTP. */
export interface ReadCommand {
  readonly commandId: string;
  readonly type: string;
  readonly entity: string | null;
  readonly body: unknown;
}

export type Read =
  | { readonly ok: true; readonly command: ReadCommand }
  | { readonly ok: false; readonly why: string; /** Known if the message got that far. */ readonly commandId: string | null };

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: commandId,
  source: z.string().min(1).max(500),
  type: z.string().max(200),
  subject: z.string().max(100).optional(),
  data: z.unknown(),
});

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'subject'] as const;
const IS_JSON = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

/** Reads a CloudEvent, in structured JSON or in binary mode (CloudEvents Kafka binding 1.0.2). Never throws: the topic is outside input. */
export const readCommand = (message: Pick<IncomingMessage, 'value' | 'headers'>, aggregate: Pick<AnyAggregate, 'decider' | 'commands'>): Read => {
  const event = isBinary(message.headers) ? binaryEventOf(message) : structuredEventOf(message);
  if (!event.ok) return event;
  const parsed = envelope.safeParse(event.value);
  if (!parsed.success) return { ok: false, why: `not a command: ${faultsOf(parsed.error)}`, commandId: idOf(event.value) };
  const { id, type: cloudEventType, subject, data } = parsed.data;
  const type = commandTypeIn(cloudEventType, aggregate);
  if (type === null) return { ok: false, why: `not a command: ${unknownType(cloudEventType)}`, commandId: id };
  return { ok: true, command: { commandId: id, type, entity: type === aggregate.decider.startsWith ? null : (subject ?? ''), body: data } };
};

/** `qiyue.need.claim.v1` → `claim`; null for anything that is no public command of the aggregate. */
export const commandTypeIn = (cloudEventType: string, { decider, commands }: Pick<AnyAggregate, 'decider' | 'commands'>): string | null =>
  Object.keys(commands).find((type) => cloudEventType === commandTypeNameOf(decider.aggregate, type)) ?? null;

type EventIn = { readonly ok: true; readonly value: unknown } | (Read & { readonly ok: false });

/** Structured when its content type says so, or when it has none of the attributes that binary mode puts into headers. */
const isBinary = (headers: IncomingMessage['headers']): boolean =>
  !/^application\/cloudevents/i.test(headers['content-type'] ?? '') && headers['ce_specversion'] !== undefined;

const structuredEventOf = ({ value, headers }: Pick<IncomingMessage, 'value' | 'headers'>): EventIn => {
  if (/^application\/cloudevents-batch/i.test(headers['content-type'] ?? '')) return malformed('a batch of events');
  const json = parseJson(value ?? '');
  return json.ok ? json : malformed(faultOf(json.why, value));
};

const binaryEventOf = ({ value, headers }: Pick<IncomingMessage, 'value' | 'headers'>): EventIn => {
  const attributes = Object.fromEntries(ATTRIBUTES.flatMap((name) => (headers[`ce_${name}`] === undefined ? [] : [[name, headers[`ce_${name}`]]])));
  if (!IS_JSON.test(headers['content-type'] ?? '')) return malformed('its data is not application/json', idOf(attributes));
  const json = parseJson(value ?? '');
  return json.ok ? { ok: true, value: { ...attributes, data: json.value } } : malformed(faultOf(json.why, value), idOf(attributes));
};

const malformed = (why: string, id: string | null = null): EventIn => ({ ok: false, why: `not a command: ${why}`, commandId: id });

const idOf = (json: unknown): string | null => {
  const id = z.object({ id: commandId }).safeParse(json);
  return id.success ? id.data.id : null;
};

const faultOf = (why: string, value: string | null): string => (why === 'not JSON' ? jsonFault(value ?? '') : why);

/** A type that has the form of ours says nothing of a person. */
const TYPE = /^qiyue\.[a-z-]+\.[A-Za-z-]+\.v\d+$/;
const unknownType = (type: string): string => (TYPE.test(type) ? `type: ${type} is unknown` : `type: not as qiyue.<aggregate>.<command>.v1`);

/** Only where and what kind of fault, never what stands there: a value may be personal, and so may a name that was made up. */
const faultsOf = (error: z.ZodError): string =>
  [...new Set(error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${faultIn(issue)}`))].join(', ').slice(0, 200);

const faultIn = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `no ${issue.expected}`;
    case 'too_big':
      return `longer than ${issue.maximum}`;
    case 'too_small':
      return `shorter than ${issue.minimum}`;
    case 'invalid_value':
      return `not ${issue.values.map(String).join(' or ')}`;
    case 'invalid_format':
      return 'not of its form';
    default:
      return issue.code;
  }
};
