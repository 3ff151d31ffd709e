import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { differingMessages, TopicStanding, TopicWatch, verifyEvidence } from '@qiyue/audit';
import { topicHealth } from '@qiyue/edge';
import { eventTopicOf } from '@qiyue/engine';
import { systemClock, type IncomingMessage } from '@qiyue/platform';
import { RelayAside, SeenPlaces, toCloudEvent } from '@qiyue/engine-runtime';
import { EvidencePlace } from './evidence-place';

describe('ledger, feed and topic, compared message by message', () => {
  let place: EvidencePlace;
  let watch: TopicWatch;
  beforeEach(async () => {
    place = await EvidencePlace.open();
    watch = newWatch();
  }, 60_000);
  afterEach(() => place.close());

  const log = { warn: () => undefined, error: () => undefined };
  const bus = { subscribe: () => Promise.reject(new Error('read by the test')) };
  const newWatch = () => new TopicWatch({ store: place.store, bus, aggregates: [], log });

  type Placed = Awaited<ReturnType<EvidencePlace['feed']>>;
  const messageOf = ({ document, position }: Placed[number]): IncomingMessage => {
    const value = JSON.stringify(toCloudEvent(document, position));
    return { topic: 't', partition: 0, offset: '0', key: document.entity, value, headers: {}, timestampMs: Date.now() };
  };
  const fed = async (entity: string, count: number): Promise<Placed> => {
    const documents = await place.next(entity, count);
    await place.store.ledger.insertMany(structuredClone([...documents]));
    return place.feed(documents);
  };
  const meet = (placed: Placed) => watch.compare(placed.map(messageOf));
  const standing = async () => {
    await watch.lookNow();
    return new TopicStanding(place.store).read();
  };

  it('says how far the topic was met, in any order, and what is still on its way', async () => {
    const placed = await fed('a', 3_000);
    await meet(placed.slice(1_500, 2_990));
    await meet(placed.slice(0, 1_500));
    await place.notePublished(2_990);
    expect(await standing()).toMatchObject({ comparedUpTo: 2_990, unseen: 10, next: { entity: 'a', seq: 2_991 }, holes: 0, differing: 0 });
    await meet(placed.slice(2_900));
    expect(await standing()).toMatchObject({ comparedUpTo: 3_000, unseen: 0, next: null });
    expect(await place.store.db.collection('topicSeen').countDocuments()).toBe(2); // two full chunks take no room any more
  }, 60_000);

  it('finds a place that the relay took for published, tells of it, and has it published again', async () => {
    const placed = await fed('a', 5);
    await place.notePublished(5);
    await meet(placed.filter(({ position }) => position !== 3));
    await watch.compare([{ ...messageOf(placed[0] as Placed[number]), timestampMs: 1 }]);
    expect(await standing()).toMatchObject({ unseen: 1, holes: 0 }); // it reads what is old: the rest may still come
    watch = newWatch();
    expect(await standing()).toMatchObject({ comparedUpTo: 2, unseen: 1, holes: 1, firstHole: { position: 3, entity: 'a', seq: 3 } });
    const aMinuteAgo = { $set: { holeSince: new Date(Date.now() - 60_000) } };
    await place.store.db.collection('topicWatch').updateOne({}, aMinuteAgo);
    expect(await topicHealth([place.store], systemClock)).toMatchObject({ lagRecords: 1, holes: 1, next: { entity: 'a', seq: 3 } });
    await standing();
    expect(await new RelayAside(place.store).list()).toMatchObject([{ _id: 'a', seq: 3, retry: true, why: 'not-on-topic' }]);
    await meet(placed.slice(2, 3));
    await new RelayAside(place.store).remove('a');
    expect(await standing()).toMatchObject({ unseen: 0, holes: 0, firstHole: null });
  }, 60_000);

  it('keeps by name what says of a record what the ledger does not, until the ledger does', async () => {
    const [first] = (await fed('a', 1)) as [Placed[number]];
    const [forged] = (await place.next('a', 1, 'forged')) as [Placed[number]['document']];
    const madeUp = JSON.stringify({ ...JSON.parse(String(messageOf(first).value)), sequence: '3', hash: 'f'.repeat(64) }); // no record at all
    const odd = [madeUp, 'no event'].map((value) => ({ ...messageOf(first), value }));
    await watch.compare([messageOf(first), messageOf({ document: forged, position: 2 }), ...odd]);
    expect(await standing()).toMatchObject({ differing: 1, unseen: 0 });
    expect(await differingMessages(place.store).find().toArray()).toMatchObject([{ entity: 'a', seq: 2 }]);
    expect(await topicHealth([place.store], systemClock)).toMatchObject({ differing: 1 });
    await place.store.ledger.insertOne(structuredClone(forged));
    expect(await standing()).toMatchObject({ differing: 0 });
  }, 60_000);

  it('what is no record, as one whose hash is not its own, is named with its place by who reads the topic to its end, and is no finding', async () => {
    const [first] = (await place.append('a', 2)).map((document) => toCloudEvent(document));
    await place.forge('a', JSON.stringify({ ...first, id: 'a:3', sequence: '3' }));
    await place.forge('b', 'no event');
    const look = async (entity?: string) => {
      const options = entity === undefined ? {} : { entity };
      const { findings, compared } = await verifyEvidence(place.ledger, place.witness, { topics: 'whole', ...options });
      return [findings, compared?.strange];
    };
    const topic = eventTopicOf(place.aggregate);
    const forged = { topic, partition: 0, offset: '2', why: 'hash does not cover the content' };
    expect(await look()).toEqual([[], { count: 2, first: [forged, { topic, partition: 0, offset: '3', why: 'not JSON' }] }]);
    expect(await look('a')).toEqual([[], { count: 1, first: [forged] }]);
  }, 60_000);

  it('notes a place twice, at the edges of its words and chunks, and knows the difference', async () => {
    const seen = new SeenPlaces(place.store);
    const all = Array.from({ length: 1_030 }, (_, i) => i + 1);
    await seen.note(all.filter((n) => ![1, 32, 33, 64, 1_024, 1_025].includes(n)));
    expect(await seen.unseen(1_030)).toEqual({ upTo: 0, count: 6, first: [1, 32, 33, 64, 1_024, 1_025] });
    await seen.note([1, 32, 33, 64, 1_024]);
    await seen.note([1, 32, 33, 64, 1_024]);
    expect(await seen.unseen(1_030)).toEqual({ upTo: 1_024, count: 1, first: [1_025] });
    await seen.note([1_025]);
    expect(await seen.unseen(1_030)).toEqual({ upTo: 1_030, count: 0, first: [] });
    expect(await seen.unseen(0)).toEqual({ upTo: 0, count: 0, first: [] });
  }, 60_000);
});
