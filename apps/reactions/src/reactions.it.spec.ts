import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entityIdOf, eventTopicOf, fingerprintOf, openRecord, REACTION_ACTOR, reactionCommandId, sealRecord, type Reaction } from '@qiyue/engine';
import {
  anyDecider,
  CommandLog,
  ParkedReactions,
  ReactionProgress,
  RefusedReactions,
  skipReaction,
  toCloudEvent,
  toLedgerDocument,
} from '@qiyue/engine-runtime';
import { bundleOf, commandFor, eventually, readTopic } from '@qiyue/testkit';
import { orderDecider, orderReactions } from './testing/order.decider';
import { AGGREGATES, ReactionBench } from './testing/reaction-bench';
import { shelfDecider } from './testing/shelf.decider';

const SOON_MS = 20_000;

describe('the reactions to events of one kind of entity', () => {
  let world: ReactionBench;
  let parked: ParkedReactions;
  let refused: RefusedReactions;
  beforeAll(() => bundleOf(require.resolve('./testing/workflows')), 60_000);
  beforeEach(async () => {
    world = await ReactionBench.create();
    [parked, refused] = [new ParkedReactions(world.bench.db), new RefusedReactions(world.bench.db)];
  }, 60_000);
  afterEach(() => world.close(), 30_000);

  const reserved = (shelf: string, times: number) =>
    eventually(
      `${times} reservations`,
      async () => (await world.happenedTo(shelf)).filter((type) => type === 'PlacesReserved').length === times,
      SOON_MS,
    );
  const reactedTo = (order: string, seq: number) =>
    eventually(`${order} to be reacted to`, async () => (await world.reactedUpTo(order)) === seq, SOON_MS);

  it('are commands to entities of another kind, in the order of the events, under ids that follow from them', async () => {
    await world.start();
    const shelf = await world.putUp(10);
    const order = await world.place(shelf, 3);
    await world.order(order, 'cancel');
    await reactedTo(order, 2);
    const records = await eventually('four records', async () => {
      const found = await world.bench.store.stream(shelf);
      return found.length === 4 && found.map((document) => openRecord(document));
    });
    expect(records.slice(1).map(({ type, actor, commandId }) => [type, actor, commandId])).toEqual([
      ['PlacesReserved', REACTION_ACTOR, `system:${order}:1/reserve`],
      ['ShelfNoted', REACTION_ACTOR, `system:${order}:2/give-back`],
      ['PlaceGivenBack', REACTION_ACTOR, `system:${order}:2/give-back/2`],
    ]);
    const row = await world.bench.store.commands.findOne({ _id: `system:${order}:1/reserve` });
    const [placed] = await world.bench.store.stream(order);
    expect(row).toMatchObject({ state: 'accepted', channel: 'system', receivedAt: placed!.time });
  }, 60_000);

  it('may start an entity', async () => {
    await world.start();
    const shelf = entityIdOf('shelf', 'nobody', world.prefix);
    await world.place(shelf, 2, { fits: true });
    await reserved(shelf, 1);
    const other = await world.place(shelf, 2, { fits: true });
    await reserved(shelf, 2);
    expect((await refused.list()).map(({ _id, why }) => [_id, why])).toEqual([[`system:${other}:1/put-up`, 'wrong-phase']]);
  }, 60_000);

  it('happen once, though the whole topic is read again from its beginning, and though it is forgotten how far it was read', async () => {
    const first = await world.start();
    const shelves = [await world.putUp(1_000), await world.putUp(1_000), await world.putUp(0)];
    const orders = await Promise.all(Array.from({ length: 30 }, (_, i) => world.place(shelves[i % 3] ?? '')));
    for (const order of orders.slice(0, 10)) await world.order(order, 'cancel');
    const hasCaughtUp = () => eventually('all to be reacted to', async () => (await sumOfProgress()) === 40, SOON_MS);
    const sumOfProgress = async () => (await Promise.all(orders.map((order) => world.reactedUpTo(order)))).reduce((sum, seq) => sum + seq, 0);
    await hasCaughtUp();
    const ledger = () => world.bench.store.ledger.find({ aggregate: 'shelf' }).sort({ _id: 1 }).toArray();
    const [before, noted] = [await ledger(), await refused.list()];
    expect([before.length, noted.length]).toEqual([3 + 20 + 20, 10]);
    for (const { _id } of noted.slice(0, 9)) await refused.acknowledge(_id);
    await world.stop(first);

    const again = await world.start({ groupId: 'again' });
    const last = await world.place(shelves[0] ?? ''); // behind all the others of its partition
    await reactedTo(last, 1);
    await world.stop(again);
    await world.bench.db.collection('reactionProgress').deleteMany({});
    await world.start({ groupId: 'once-more' });
    await hasCaughtUp();
    await reactedTo(last, 1);
    expect((await ledger()).filter(({ commandId }) => !commandId.includes(last))).toEqual(before);
    expect((await refused.list()).map(({ _id }) => _id)).toEqual([noted[9]?._id]);
    expect([await parked.count(), await world.bench.store.commands.countDocuments({ channel: 'system' })]).toEqual([0, 51]);
  }, 120_000);

  it('go on where a process died behind the first of two commands', async () => {
    const shelf = await world.putUp(10);
    const order = await world.place(shelf);
    await world.order(order, 'cancel');
    const given = commandFor(shelfDecider, 'note', { order }, { entity: shelf, key: reactionCommandId({ entity: order, seq: 2 }, 'give-back') });
    const asked = { entity: shelf, type: 'note', data: { order }, actor: REACTION_ACTOR };
    await world.does({ ...given, ...asked, fingerprint: fingerprintOf(asked), channel: 'system' });
    await world.start();
    await reactedTo(order, 2);
    await eventually('both', async () => (await world.happenedTo(shelf)).includes('PlaceGivenBack'));
    expect(await world.happenedTo(shelf)).toEqual(['ShelfNoted', 'PlacesReserved', 'PlaceGivenBack']);
    expect(await refused.count()).toBe(0);
  }, 60_000);

  it('take from the ledger what the topic has left out', async () => {
    const shelf = await world.putUp(10);
    for (const seq of [1, 2]) world.leftOut.add(seq);
    const order = await world.place(shelf);
    await world.order(order, 'mark', { isBad: false });
    await world.order(order, 'cancel');
    await world.start();
    await reactedTo(order, 3);
    expect(await eventually('all', async () => ((found) => found.length === 3 && found)(await world.happenedTo(shelf)))).toEqual([
      'PlacesReserved',
      'ShelfNoted',
      'PlaceGivenBack',
    ]);
  }, 60_000);

  it('that are refused are noted, and the next of their source are made', async () => {
    await world.start();
    const shelf = await world.putUp(2);
    const order = await world.place(shelf, 3);
    await world.order(order, 'mark', { isBad: true });
    await world.order(order, 'cancel');
    await reactedTo(order, 3);
    const source = { aggregate: 'order', entity: order };
    expect(await refused.list()).toEqual([
      expect.objectContaining({
        ...{ _id: `system:${order}:1/reserve`, source: { ...source, seq: 1 }, why: 'full', state: 'open' },
        command: { commandId: `system:${order}:1/reserve`, aggregate: 'shelf', entity: shelf, type: 'reserve' },
      }),
      expect.objectContaining({ _id: `system:${order}:2/mark/broken`, source: { ...source, seq: 2 }, why: 'RangeError', command: null, tries: 1 }),
    ]);
    await eventually('what follows', async () => (await world.happenedTo(shelf)).length === 2);
  }, 60_000);

  it('that broke are made when an operator asks, once the bug is mended', async () => {
    const first = await world.start();
    const shelf = await world.putUp(10);
    const order = await world.place(shelf);
    await world.order(order, 'mark', { isBad: true });
    await reactedTo(order, 2);
    const id = `system:${order}:2/mark/broken`;
    expect(await refused.askAgain(id)).toBe(true);
    await eventually('it to break again', async () => ((row) => row?.state === 'open' && row.retryAt === undefined)(await refused.find(id)));
    await world.stop(first);
    const mended: Reaction = {
      name: 'mark',
      on: ['OrderMarked'],
      commands: () => [{ aggregate: 'shelf', entity: shelf, type: 'note', data: { order } }],
    };
    const reactions = orderReactions.map((reaction) => (reaction.name === 'mark' ? mended : reaction));
    await world.start({}, [{ decider: anyDecider(orderDecider), reactions }, ...AGGREGATES.slice(1)]);
    await refused.askAgain(id);
    await eventually('it to be made', async () => (await refused.find(id))?.state === 'done');
    await eventually('its effect', async () => (await world.happenedTo(shelf)).includes('ShelfNoted'));
    expect([(await refused.find(id))?.tries, await refused.count()]).toEqual([2, 0]);
  }, 60_000);

  it('park their source alone when an entity does not answer, and come back in order when it does', async () => {
    const workers = await world.otherWorkers();
    const [away, shelf] = [await world.putUp(10, workers.gateway()), await world.putUp(10)];
    await workers.stopWorker();
    await world.start({ parkAfterMs: 1_000 });
    const waiting = await world.place(away);
    const pace = async (): Promise<boolean> => {
      await world.place(shelf, 0);
      return (await parked.find(waiting)) !== null;
    };
    await eventually('it to be parked', pace, SOON_MS);
    await world.order(waiting, 'cancel');
    await eventually('its next to stand behind', async () => (await parked.find(waiting))?.upTo === 2, SOON_MS);
    const last = await world.place(shelf, 0);
    await reactedTo(last, 1);
    expect(await parked.find(waiting)).toMatchObject({ aggregate: 'order', seq: 1, why: 'unknown', command: { entity: away, type: 'reserve' } });
    expect([await world.reactedUpTo(waiting), await parked.count()]).toEqual([0, 1]);
    await workers.startWorker();
    await parked.retryNow(waiting);
    await eventually('it to go on', async () => (await parked.count()) === 0, SOON_MS);
    await eventually('all of it', async () => (await world.happenedTo(away)).length === 3);
    expect(await world.happenedTo(away)).toEqual(['PlacesReserved', 'ShelfNoted', 'PlaceGivenBack']);
  }, 120_000);

  it('leave out what an operator gives up, and go on behind it', async () => {
    const workers = await world.otherWorkers();
    const [away, shelf] = [await world.putUp(10, workers.gateway()), await world.putUp(10)];
    await workers.stopWorker();
    await world.start({ parkAfterMs: 500 });
    const order = await world.place(away);
    await eventually('it to be parked', async () => world.place(shelf, 0).then(() => parked.find(order)), SOON_MS);
    const ports = {
      parked,
      refused,
      progress: new ReactionProgress(world.bench.db),
      ledger: world.bench.store,
      commandLog: new CommandLog(world.bench.store),
    };
    const skipped = await eventually('its lease', async () => ((row) => row !== 'busy' && row)(await skipReaction(ports, order)), SOON_MS);
    const id = `system:${order}:1/reserve`;
    expect(skipped).toMatchObject({ _id: order, command: { commandId: id } });
    await reactedTo(order, 1);
    await eventually('its source to go on', async () => (await parked.find(order)) === null, SOON_MS);
    expect(await refused.find(id)).toMatchObject({ state: 'skipped', why: 'unknown' });
    expect(await world.bench.store.commands.findOne({ _id: id })).toMatchObject({ state: 'dead', code: 'skipped' });
    expect(await skipReaction(ports, order)).toBeNull();
  }, 60_000);

  it('follow from nothing that the ledger does not hold, nor from what is no event', async () => {
    const shelf = await world.putUp(10);
    const order = await world.place(shelf);
    const [placed] = await eventually('a record', async () => ((found) => found.length === 1 && found)(await world.bench.store.stream(order)));
    const body = openRecord(placed!);
    const forged = toLedgerDocument(sealRecord({ ...body, seq: 2, type: 'OrderCancelled', data: { shelf }, prevHash: placed!.hash }));
    const other = toLedgerDocument(sealRecord({ ...body, data: { shelf, count: 9 } }));
    await world.publisher.send(eventTopicOf('order'), [{ key: order, value: 'no event' }, messageOf(forged), messageOf(other)]);
    await world.start();
    await reactedTo(order, 1);
    const dead = await readTopic(`${world.prefix}${eventTopicOf('order')}.dead`, ({ length }) => length === 2);
    expect(dead.map(({ headers }) => [headers['reason'], headers['reader']])).toEqual(
      Array.from({ length: 2 }, () => ['the ledger does not hold this record', 'reactions']),
    );
    expect([await world.happenedTo(shelf), await parked.count()]).toEqual([['PlacesReserved'], 0]);
  }, 60_000);

  it('wait for a source whose records were changed, and for no other', async () => {
    const shelf = await world.putUp(10);
    const [bad, good] = [await world.place(shelf), await world.place(shelf)];
    const document = await eventually('its record', () => world.bench.store.ledger.findOne({ entity: bad }));
    await world.bench.store.ledger.updateOne({ entity: bad }, { $set: { canonical: document.canonical.replace('"count":1', '"count":9') } });
    await world.start();
    await eventually('it to be set aside', async () => (await parked.find(bad))?.why === 'hash', SOON_MS);
    await reactedTo(good, 1);
    await reserved(shelf, 1);
    await world.bench.store.ledger.updateOne({ entity: bad }, { $set: { canonical: document.canonical } });
    await parked.retryNow(bad);
    await reserved(shelf, 2);
    await eventually('it to go on', async () => (await parked.count()) === 0);
  }, 60_000);
});

describe('a process without reactions', () => {
  it('lives, and reads nothing', async () => {
    const world = await ReactionBench.create();
    const shelf = await world.putUp(1);
    const order = await world.place(shelf);
    const process = await world.start({}, []);
    await eventually('a sign of life', () => world.bench.db.collection('processes').findOne({ name: 'reactions' }));
    expect(await world.reactedUpTo(order)).toBe(0);
    await world.stop(process);
    await world.close();
  }, 60_000);
});

const messageOf = (document: Parameters<typeof toCloudEvent>[0]) => ({ key: document.entity, value: JSON.stringify(toCloudEvent(document)) });
