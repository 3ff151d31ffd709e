import { entityIdOf, fingerprintOf, type Actor, type Channel, type CommandEnvelope } from '@qiyue/engine';
import type { Command } from '@qiyue/engine-runtime';
import { needCommandSchemas } from '@qiyue/need-contracts';
import { needDecider, type NeedCommandType, type PublicNeedCommandType } from '@qiyue/need-domain';
import type { z } from 'zod';

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
}

export type Parsed = { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly error: z.core.$ZodError };

/** The request as the engine takes it, once its body fits the schema of its command. */
export const parseRequest = (request: NeedCommandRequest): Parsed => {
  const parsed = needCommandSchemas[request.type].safeParse(request.body);
  if (!parsed.success) return { ok: false, error: parsed.error };
  return { ok: true, command: commandOf(request, request.type, entityOf(request), parsed.data as CommandEnvelope['data']) };
};

/** The need that a request is about. */
export const entityOf = ({ needId, actor, commandId }: Pick<NeedCommandRequest, 'needId' | 'actor' | 'commandId'>): string =>
  needId ?? entityIdOf(needDecider.aggregate, actor.id, commandId);

type Circumstances = Pick<NeedCommandRequest, 'commandId' | 'actor' | 'channel' | 'receivedAt'>;

export const commandOf = (circumstances: Circumstances, type: NeedCommandType, entity: string, data: CommandEnvelope['data']): Command => {
  const { commandId, actor, channel, receivedAt } = circumstances;
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
