import { entityIdOf, fingerprintOf, type Actor, type Channel, type CommandEnvelope } from '@qiyue/engine';
import { filesNamedIn, type NamedFile } from '@qiyue/civic-contracts';
import { EVENT_BYTES_MAX, eventBytesOf, type Command } from '@qiyue/engine-runtime';
import { personalPathsIn, type AnyAggregate } from '@qiyue/aggregate';
import type { z } from 'zod';
import type { OpenedBody, PersonalSeal } from '@qiyue/privacy';

/** A command as a channel hands it over; nothing in `body` has been looked at yet. */
export interface CommandRequest {
  readonly aggregate: string;
  readonly commandId: string;
  readonly type: string;
  /** Null for the command that starts one: its id comes from what was asked. */
  readonly entity: string | null;
  readonly body: unknown;
  readonly actor: Actor;
  readonly channel: Channel;
  /** ISO 8601 with +08:00. */
  readonly receivedAt: string;
  /** How long the answer may take, ms. */
  readonly deadlineMs: number;
  /** Rules version that an edge stamped before it handed the command over. */
  readonly rules?: number;
}

/**
 * `plain`: personal fields over Kafka that are not sealed; `foreign`: sealed, but not by the actor's key; `too-large`: sealed, its event
 * could not be published, and what cannot be published is never acknowledged. `not-found`: nothing is sealed for an entity that is not there.
 */
export type Prepared =
  /** `files`: those that it names, before anything was sealed. */
  | { readonly ok: true; readonly command: Command; readonly files: readonly NamedFile[] }
  | { readonly ok: false; readonly why: 'invalid'; readonly error: z.core.$ZodError }
  | { readonly ok: false; readonly why: 'plain' | 'foreign'; readonly fields: readonly string[] }
  | { readonly ok: false; readonly why: 'not-found' }
  | { readonly ok: false; readonly why: 'too-large'; readonly bytes: number; readonly max: number };

/**
 * The request as the engine takes it, once its body fits the schema of its command: what people wrote in it is sealed, so nothing
 * behind this line holds it in the open. `isThere`: whether the ledger knows an entity, asked where it has no key yet. Rejects with `KeysUnavailable`, and with
 * what `isThere` does.
 */
export const prepareRequest = async (
  request: CommandRequest,
  aggregate: AnyAggregate,
  seal: PersonalSeal,
  isThere: (entity: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<Prepared> => {
  const definition = aggregate.commands[request.type];
  if (definition === undefined) throw new Error(`${request.aggregate} has no command ${request.type}`);
  const paths = personalPathsIn(definition.schema);
  const entity = entityOf(request, aggregate);
  const command = { entity, commandId: request.commandId };
  const opened = request.channel === 'kafka' ? await seal.openOwn(paths, request.body, request.actor.id, command) : UNSEALED;
  if (opened.plain.length > 0) return { ok: false, why: 'plain', fields: opened.plain };
  if (opened.foreign.length > 0) return { ok: false, why: 'foreign', fields: opened.foreign };
  const parsed = definition.schema.safeParse(opened === UNSEALED ? request.body : opened.body);
  if (!parsed.success) return { ok: false, why: 'invalid', error: parsed.error };
  if (paths.secret.size > 0 && !(await seal.hasBegun(entity)) && !(await isThere(entity))) return { ok: false, why: 'not-found' };
  const data = await seal.seal(paths, parsed.data, request.actor.id, command);
  const bytes = eventBytesOf({ data: data as CommandEnvelope['data'] });
  if (bytes > EVENT_BYTES_MAX) return { ok: false, why: 'too-large', bytes, max: EVENT_BYTES_MAX };
  const files = filesNamedIn(definition.schema, parsed.data);
  return { ok: true, command: commandOf(request, aggregate, request.type, entity, data as CommandEnvelope['data']), files };
};

const UNSEALED: OpenedBody = { body: undefined, plain: [], foreign: [] };

/** The entity that a request is about. */
export const entityOf = (
  { entity, actor, commandId, body }: Pick<CommandRequest, 'entity' | 'actor' | 'commandId' | 'body'>,
  { decider, idOf }: Pick<AnyAggregate, 'decider' | 'idOf'>,
): string => entity ?? (isObject(body) ? idOf?.(body) : undefined) ?? entityIdOf(decider.aggregate, actor.id, commandId);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

type CommandOrigin = Pick<CommandRequest, 'commandId' | 'actor' | 'channel' | 'receivedAt'>;

export const commandOf = (
  origin: CommandOrigin,
  { decider }: Pick<AnyAggregate, 'decider'>,
  type: string,
  entity: string,
  data: CommandEnvelope['data'],
): Command => {
  const { commandId, actor, channel, receivedAt } = origin;
  return {
    commandId,
    entity,
    type,
    data,
    actor,
    channel,
    receivedAt,
    fingerprint: fingerprintOf({ entity, type, data, actor }),
    aggregate: decider.aggregate,
    starts: type === decider.startsWith,
  };
};
