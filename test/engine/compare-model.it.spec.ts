import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { ActiveModel, compareModel, Projector, Quarantine, type LedgerStore, type ReadModel } from '@qiyue/engine-runtime';
import { freshStore, notedStream } from '@qiyue/testkit';

interface View {
  readonly notes: readonly string[];
  readonly last: { readonly seq: number; readonly unit: string | undefined };
}
const model: ReadModel<View> = {
  ...{ name: 'notes', aggregate: 'need', version: 1, indexes: [] },
  fold: (view: View | null, { seq, data }: RecordBody): View => ({
    notes: [...(view?.notes ?? []), (data as { readonly note: string }).note],
    last: { seq, unit: undefined },
  }),
};

describe('the read model that serves, held against the ledger', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    const documents = ['a', 'b', 'c', 'd'].flatMap((entity) => notedStream(entity, 3, (seq) => `note ${seq}`));
    await store.ledger.insertMany([...documents]);
    const ports = { store, quarantine: new Quarantine(store.db, model.name), active: new ActiveModel<View>(store.db, model) };
    await new Projector(model, ports).apply(documents.map((document) => ({ body: openRecord(document), hash: document.hash })));
  });
  afterEach(() => drop());

  const served = () => new ActiveModel<View>(store.db, model).collection();
  const compare = () => compareModel(store, model);

  it('is what the records give, also where it is a little behind', async () => {
    expect(await compare()).toEqual({ ok: true, compared: 4, differing: [] });
    await store.ledger.insertMany(notedStream('d', 4, (seq) => `note ${seq}`).slice(3));
    expect(await compare()).toEqual({ ok: true, compared: 4, differing: [] });
  });

  it('shows each document that was changed, made up, or taken away in the database', async () => {
    const documents = await served();
    await documents.updateOne({ _id: 'a' }, { $set: { 'view.notes.1': 'forged' } });
    await documents.updateOne({ _id: 'b' }, { $set: { 'view.more': true } });
    await documents.deleteOne({ _id: 'c' });
    await documents.updateOne({ _id: 'd' }, { $set: { seq: 9 } });
    await documents.insertOne({ _id: 'e', seq: 1, hash: 'f', view: { notes: [], last: { seq: 1, unit: undefined } } });
    expect((await compare()).differing).toEqual([
      { entity: 'a', seq: 3, why: 'other' },
      { entity: 'b', seq: 3, why: 'other' },
      { entity: 'c', seq: 1, why: 'missing' },
      { entity: 'd', seq: 9, why: 'ahead' },
      { entity: 'e', seq: 1, why: 'nonexistent' },
    ]);
  });
});
