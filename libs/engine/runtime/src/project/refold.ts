import type { LedgerDocument } from '../ledger/documents';
import { foldRecord, Poison, receivedFrom } from './fold-record';
import { foldsOf, type AnyModel, type RecordFold } from './entity-folds';
import type { ModelDocument } from './model';
import type { ProjectorPorts } from './projector';
import { QUARANTINE_FRESH_MS, type Quarantine } from './quarantine';

const ATTEMPTS_MAX = 5;
/** Until no process holds the entity for one that is set aside any more. */
const RELEASE_SEEN_MS = QUARANTINE_FRESH_MS + 200;

/** Folds one entity's records, up to the last that the fold can take; the rest sets the entity aside. Null: not even the first. */
export const foldStream = async <V>(
  model: RecordFold<V>,
  stream: readonly LedgerDocument[],
  quarantine: Pick<Quarantine, 'add'>,
): Promise<ModelDocument<V> | null> => {
  let document: ModelDocument<V> | null = null;
  for (const record of stream) {
    try {
      const { body, hash } = receivedFrom(record);
      document = foldRecord(model, document, body, hash);
    } catch (error) {
      if (!(error instanceof Poison)) throw error;
      await quarantine.add(record.entity, error.seq, error.why, error.rules);
      break;
    }
  }
  return document;
};

type Ports<V> = Pick<ProjectorPorts<V>, 'store' | 'active'> & {
  readonly quarantine: Pick<Quarantine, 'add' | 'release'>;
};

/**
 * Lets an entity that was set aside go on, with a document made anew from the ledger: what passed by meanwhile is in it. One that
 * still cannot be folded or written is set aside again. Answers whether it goes on.
 */
export const releaseEntity = async <V>(model: AnyModel<V>, { store, active, quarantine }: Ports<V>, entity: string): Promise<boolean> => {
  const { byAggregate, write } = foldsOf(model);
  let isAside = false;
  const noting: Pick<Quarantine, 'add'> = {
    add: (...row) => {
      isAside = true;
      return quarantine.add(...row);
    },
  };
  await quarantine.release(entity);
  await new Promise((resolve) => setTimeout(resolve, RELEASE_SEEN_MS));
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const collection = await active.writable();
    const old = await collection.findOne({ _id: entity } as object);
    const stream = await store.stream(entity);
    const fold = byAggregate.get(stream[0]?.aggregate ?? '');
    const document = fold === undefined ? null : await foldStream(fold, stream, noting);
    if (document === null) return !isAside;
    const before = new Map(old === null ? [] : [[entity, { seq: old.seq }]]);
    const { lost, refused } = await write(collection, [document], before, store.db);
    for (const why of refused.values()) await noting.add(entity, document.seq, why);
    if (lost.size === 0) return !isAside;
  }
  throw new Error(`${model.name}: lost ${ATTEMPTS_MAX} write races`);
};
