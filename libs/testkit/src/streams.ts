import { Entity, GENESIS_HASH, sealRecord, type Actor, type CommandEnvelope, type OutboxEntry } from '@qiyue/engine';
import { toLedgerDocument, type AnyDecider, type LedgerDocument } from '@qiyue/engine-runtime';
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

/** So many records of one entity, linked as the engine links them, each with a note: for what carries and folds records of any content. */
export const notedStream = (
  entity: string,
  count: number,
  noteOf: (seq: number) => string = () => '',
  more: (seq: number) => object = () => ({}),
) => {
  const documents: LedgerDocument[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const body = {
      ...{ v: 1 as const, aggregate: 'need', entity, seq, type: 'Noted', time: `2024-07-01T08:00:${String(seq % 60).padStart(2, '0')}.000+08:00` },
      ...{ actor: { id: 'ann', role: 'resident', unit: null }, commandId: `c${seq}`, data: { note: noteOf(seq) } },
      ...{ prevHash: documents.at(-1)?.hash ?? GENESIS_HASH, ...more(seq) },
    };
    documents.push(toLedgerDocument(sealRecord(body)));
  }
  return documents as readonly LedgerDocument[];
};
