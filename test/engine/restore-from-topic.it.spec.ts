import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { restoreFromTopic, type RestoreDeps } from '@qiyue/audit';
import { eventTopicOf } from '@qiyue/engine';
import { Incidents, type LedgerDocument } from '@qiyue/engine-runtime';
import { EvidencePlace } from './evidence-place';

describe('records that were deleted or changed in the database', () => {
  let place: EvidencePlace;
  let honest: readonly LedgerDocument[];
  let recorded: string[];
  beforeEach(async () => {
    place = await EvidencePlace.open();
    recorded = [];
    await place.append('b', 2);
    honest = await place.append('a', 5);
  }, 60_000);
  afterEach(() => place.close());

  const deps = (): RestoreDeps => ({
    store: place.store,
    copiesOf: (entity) => place.witness.recordsOf(entity, [eventTopicOf(place.aggregate)]),
    anchorsOf: async (entity) => {
      const end = (await place.folder.read())?.chain.ends.of(entity);
      return end === undefined ? [] : [end];
    },
    record: async (documents) => void recorded.push(...documents.map(({ _id }) => _id)),
  });
  const restore = (options = {}) => restoreFromTopic(deps(), 'a', options);
  const isWhole = async (): Promise<void> => {
    expect(await place.store.stream('a')).toEqual(honest);
    expect(await place.findings()).toEqual([]);
    expect(await restore()).toEqual({ ok: true, seq: 5, restored: [] });
  };

  it('come back from the topic, bytes and fields, on record and with what stood there kept', async () => {
    await place.store.ledger.deleteOne({ _id: 'a:2' });
    await place.store.ledger.updateOne({ _id: 'a:4' }, { $set: { canonical: '{"forged":true}', actorId: 'eve' } });
    expect((await place.findings()).map(({ stream }) => stream)).toContain('a');
    expect(await restore({ dryRun: true })).toEqual({ ok: true, seq: 5, restored: [2, 4] });
    expect(recorded).toEqual([]);
    const incidents = new Incidents(place.store.db);
    await incidents.note({ kind: 'ledger-unsound', subject: 'a', why: 'missing' }); // as a verification did
    expect(await restore()).toEqual({ ok: true, seq: 5, restored: [2, 4] });
    expect(recorded).toEqual(['a:2', 'a:4']);
    expect(await incidents.list('ledger-unsound')).toEqual([]);
    expect(await place.store.db.collection('ledgerDamaged').find().toArray()).toMatchObject([
      { entity: 'a', seq: 4, hash: honest[3]?.hash, was: { canonical: '{"forged":true}', actorId: 'eve' } },
    ]);
    await isWhole();
  }, 60_000);

  it('come back at their places of the feed, and under their names', async () => {
    await place.store.feed.deleteOne({ entity: 'a', seq: 3 });
    await place.store.ledger.deleteOne({ _id: 'a:3' });
    await place.store.ledger.updateOne({ _id: 'a:2' }, { $set: { entity: 'zz', seq: 77 } });
    expect(await restore()).toMatchObject({ ok: true, restored: [2, 3] });
    expect(await place.store.feed.findOne({ entity: 'a', seq: 3 })).toEqual({ _id: 5, entity: 'a', seq: 3 });
    await isWhole();
  }, 60_000);

  it('come back at the end, cut off from ledger and feed alike, when a checkpoint has signed them', async () => {
    const cut = async () => {
      await place.store.ledger.deleteMany({ entity: 'a', seq: { $gte: 4 } });
      await place.store.feed.deleteMany({ entity: 'a', seq: { $gte: 4 } });
    };
    expect(await place.keep()).toMatchObject({ ok: true });
    await cut();
    expect(await restore()).toMatchObject({ ok: true, restored: [4, 5] });
    await isWhole();
  }, 60_000);

  it('stay as they are when the chain does not close, with the place where it does not', async () => {
    const [, , third] = honest as readonly [LedgerDocument, LedgerDocument, LedgerDocument];
    await place.store.ledger.deleteOne({ _id: third._id });
    const other = (await place.next('b', 1))[0] as LedgerDocument;
    const before = await place.store.ledger.find().toArray();
    const noCopy: RestoreDeps = { ...deps(), copiesOf: () => Promise.resolve([]) };
    expect(await restoreFromTopic(noCopy, 'a')).toEqual({ ok: false, why: 'does-not-close', seq: 3 });
    expect(await restoreFromTopic({ ...deps(), anchorsOf: () => Promise.resolve([{ seq: 3, hash: other.hash }]) }, 'a')).toEqual({
      ...{ ok: false, why: 'contradicts-witness', seq: 3 },
    });
    expect(await restoreFromTopic({ ...deps(), copiesOf: () => Promise.resolve(null) }, 'a')).toEqual({ ok: false, why: 'topic-away' });
    expect(await restoreFromTopic(deps(), 'nobody')).toEqual({ ok: false, why: 'no-such-entity' });
    expect(await restoreFromTopic({ ...deps(), record: () => Promise.reject(new Error('the journal is away')) }, 'a').catch(() => 'not done')).toBe(
      'not done',
    );
    expect(await place.store.ledger.find().toArray()).toEqual(before);
  }, 60_000);

  it('are not brought by a message that anybody could have made behind the last one', async () => {
    const forged = await place.next('a', 1, 'forged');
    await place.publish([{ position: 8, document: forged[0] as LedgerDocument }]);
    expect(await restore()).toEqual({ ok: true, seq: 5, restored: [] });
  }, 60_000);
});
