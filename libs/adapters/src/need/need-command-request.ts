import { entityIdOf, fingerprintOf, type Actor, type Channel, type CommandEnvelope } from '@qiyue/engine';
import { EVENT_BYTES_MAX, eventBytesOf, type Command } from '@qiyue/engine-runtime';
import { needCommandSchemas } from '@qiyue/need-contracts';
import { needDecider, type NeedCommandType, type PublicNeedCommandType } from '@qiyue/need-domain';
import type { z } from 'zod';
import type { OpenedBody, PersonalSeal } from '../privacy/personal-seal';

/** A command as a channel hands it over; nothing in `body` has been looked at yet. */
export interface NeedCommandRequest {
  readonly commandId: string;
  readonly type: PublicNeedCommandType;
  /** Null for a submit: its need's id comes from actor and command id. */
  readonly needId: string | null;
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
 * could not be published, and what cannot be published is never acknowledged.
 */
export type Prepared =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly why: 'invalid'; readonly error: z.core.$ZodError }
  | { readonly ok: false; readonly why: 'plain' | 'foreign'; readonly fields: readonly string[] }
  | { readonly ok: false; readonly why: 'too-large'; readonly bytes: number; readonly max: number };

/**
 * The request as the engine takes it, once its body fits the schema of its command: what people wrote in it is sealed, so nothing
 * behind this line holds it in the open. Rejects with `KeysUnavailable`.
 */
export const prepareRequest = async (request: NeedCommandRequest, seal: PersonalSeal): Promise<Prepared> => {
  const opened = request.channel === 'kafka' ? await seal.openOwn(request.type, request.body, request.actor.id) : UNSEALED;
  if (opened.plain.length > 0) return { ok: false, why: 'plain', fields: opened.plain };
  if (opened.foreign.length > 0) return { ok: false, why: 'foreign', fields: opened.foreign };
  const parsed = needCommandSchemas[request.type].safeParse(opened === UNSEALED ? request.body : opened.body);
  if (!parsed.success) return { ok: false, why: 'invalid', error: parsed.error };
  const data = await seal.seal(request.type, parsed.data, request.actor.id);
  const bytes = eventBytesOf({ data: data as CommandEnvelope['data'] });
  if (bytes > EVENT_BYTES_MAX) return { ok: false, why: 'too-large', bytes, max: EVENT_BYTES_MAX };
  return { ok: true, command: commandOf(request, request.type, entityOf(request), data as CommandEnvelope['data']) };
};

const UNSEALED: OpenedBody = { body: undefined, plain: [], foreign: [] };

/** The need that a request is about. */
export const entityOf = ({ needId, actor, commandId }: Pick<NeedCommandRequest, 'needId' | 'actor' | 'commandId'>): string =>
  needId ?? entityIdOf(needDecider.aggregate, actor.id, commandId);

type CommandOrigin = Pick<NeedCommandRequest, 'commandId' | 'actor' | 'channel' | 'receivedAt'>;

export const commandOf = (origin: CommandOrigin, type: NeedCommandType, entity: string, data: CommandEnvelope['data']): Command => {
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
    aggregate: needDecider.aggregate,
    starts: type === needDecider.startsWith,
  };
};
