import { foldRecords, HANDLED_MAX, openRecord, type AnyDecider, type EntityCarry, type RecordBody, type Tables } from '@qiyue/engine';
import type { LedgerDocument, LedgerStore } from '@qiyue/engine-runtime';

/** The tables that an entity ran on, by what its records say of them. */
export type TablesOf = (records: readonly RecordBody[]) => Promise<Tables>;

/**
 * All that a workflow would carry, made of what the ledger holds: the state by its records, the answers by its commands. It goes on with the
 * next seq and answers a retried command as before, the last 500 of them.
 *
 * Ordinals of timers are nowhere but in the workflow, so numbering goes on behind the highest that there can have been.
 */
export const carryFromLedger = async (
  store: Pick<LedgerStore, 'commands'>,
  decider: AnyDecider,
  stream: readonly LedgerDocument[],
  tablesOf: TablesOf,
): Promise<EntityCarry<unknown>> => {
  const last = stream.at(-1);
  if (last === undefined) throw new Error('an entity without records carries nothing');
  const records = stream.map((document) => openRecord(document));
  const rows = await store.commands
    .find({ entity: last.entity, ordinal: { $gt: 0 } })
    .sort({ ordinal: -1 })
    .limit(HANDLED_MAX)
    .toArray();
  const handled = rows
    .reverse()
    .flatMap(({ _id, ordinal, fingerprint, outcome }) =>
      ordinal === undefined || outcome === undefined ? [] : [[_id, { ordinal, fingerprint, outcome }] as const],
    );
  const ordinal = (handled.at(-1)?.[1].ordinal ?? 0) + stream.length;
  const { state, rules } = foldRecords(decider, records);
  return {
    entity: last.entity,
    state,
    seq: last.seq,
    hash: last.hash,
    time: last.time,
    ordinal,
    tables: await tablesOf(records),
    handled: Object.fromEntries(handled),
    outbox: [],
    confirmedOrdinal: ordinal,
    ...(rules === 1 ? {} : { rules }),
    ...(decider.stateVersion === undefined ? {} : { stateVersion: decider.stateVersion }),
  };
};
