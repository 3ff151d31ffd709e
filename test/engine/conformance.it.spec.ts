import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { KafkajsEventBus, type Publisher } from '@qiyue/platform';
import { openRecord } from '@qiyue/engine';
import { ActiveModel, Appender, LedgerStore, Projector, Quarantine, rebuildModel, Relay, toLedgerDocument } from '@qiyue/engine-runtime';
import {
  busChecks,
  ledgerChecks,
  modelChecks,
  type BusUnderTest,
  type LedgerUnderTest,
  type ModelUnderTest,
  type NotesModel,
  type NotesView,
} from '@qiyue/engine-testing';
import { createTopics, eventually, freshStore, serversFromEnv } from '@qiyue/testkit';

let store: LedgerStore;
let drop: () => Promise<void>;
const inFreshStore = (): void => {
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
  });
  afterAll(() => drop());
};

const ledgerOn = (of: LedgerStore): LedgerUnderTest => {
  const appender = new Appender(of);
  return {
    append: (request) => appender.append(request),
    stream: (entity) => of.stream(entity),
    outcome: async (commandId) => (await of.commands.findOne({ _id: commandId }))?.outcome ?? null,
    feed: async () => {
      const records = await of.ledger.countDocuments();
      await eventually('all to be fed', async () => (await of.feed.countDocuments()) >= records);
      const rows = await of.feed.find().sort({ _id: 1 }).toArray();
      return rows.map(({ _id, entity, seq }) => ({ position: _id, entity, seq }));
    },
    another: () => Promise.resolve(ledgerOn(new LedgerStore(of.db))),
  };
};

describe('the ledger in MongoDB, fed by a relay,', () => {
  inFreshStore();
  let relay: Relay;
  let relaying: Promise<void>;
  beforeAll(() => {
    relay = new Relay(store, { publish: () => Promise.resolve() });
    relaying = relay.run();
  });
  afterAll(async () => {
    relay.stop();
    await relaying;
  });

  for (const { name, run } of ledgerChecks(() => Promise.resolve(ledgerOn(store)))) it(name, run);
});

describe('the bus on Kafka', () => {
  let bus: KafkajsEventBus;
  let publisher: Publisher;
  beforeAll(() => {
    bus = new KafkajsEventBus(serversFromEnv().kafka.split(','), 'conformance');
    publisher = bus.publisher();
  });
  afterAll(() => publisher.close());

  const underTest = (): BusUnderTest => ({
    newTopic: async () => {
      const topic = `test.conformance.${randomBytes(6).toString('hex')}`;
      await createTopics([topic], 3);
      return topic;
    },
    send: (topic, messages) => publisher.send(topic, messages),
    subscribe: (groupId, topic, handle) => bus.subscribe({ groupId, topics: [topic] }, handle),
  });
  for (const { name, run } of busChecks(() => Promise.resolve(underTest()))) it(name, run, 90_000);
});

const modelOn = (of: LedgerStore, model: NotesModel, feed: { next: number }): ModelUnderTest => {
  const active = new ActiveModel<NotesView>(of.db, model);
  const quarantine = new Quarantine(of.db, model.name);
  const projector = new Projector(model, { store: of, active, quarantine });
  return {
    record: async (records) => {
      await of.insertInOrder(records.map(toLedgerDocument));
      await of.feed.insertMany(records.map(({ entity, seq }) => ({ _id: feed.next++, entity, seq })));
    },
    apply: (records) => projector.apply(records.map((record) => ({ body: openRecord(record), hash: record.hash }))),
    document: async (entity) => (await active.collection()).findOne({ _id: entity }),
    isSetAside: async (entity) => (await quarantine.list()).some((row) => row.entity === entity),
    rebuild: async () => void (await rebuildModel(of, model, () => undefined)),
    another: () => Promise.resolve(modelOn(new LedgerStore(of.db), model, feed)),
  };
};

describe('read models in MongoDB', () => {
  inFreshStore();
  const feed = { next: 1 };
  for (const { name, run } of modelChecks((model) => Promise.resolve(modelOn(store, model, feed)))) it(name, run, 30_000);
});
