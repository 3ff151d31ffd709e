import { Entity, type Actor, type CommandEnvelope, type OutboxEntry } from '@qiyue/engine';
import type { AnyDecider } from '@qiyue/engine-runtime';
import { commandFor } from './engine-bench';

/** What an entity's outbox holds after these commands: real records, made by the engine itself, without a server. */
export const outboxOf = (
  decider: AnyDecider,
  entity: string,
  commands: readonly { readonly type: string; readonly data: CommandEnvelope['data']; readonly actor?: Actor }[],
): readonly OutboxEntry[] => {
  const alive = new Entity(decider, entity);
  for (const { type, data, actor } of commands) alive.handle(commandFor(decider, type, data, { entity, ...(actor === undefined ? {} : { actor }) }));
  return alive.unconfirmed;
};
