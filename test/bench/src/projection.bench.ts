import { randomBytes } from 'node:crypto';
import type { AnyBulkWriteOperation } from 'mongodb';
import { KafkajsEventBus, type OutgoingMessage } from '@qiyue/platform';
import { needsModel } from '@qiyue/need';
import {
  ActiveModel,
  Projector,
  Quarantine,
  fromCloudEvent,
  toCloudEvent,
  toLedgerDocument,
  type LedgerStore,
  type ReceivedRecord,
} from '@qiyue/engine-runtime';
import { createTopics, outboxOf } from '@qiyue/testkit';
import { compare, nowMs, together, type BenchResult, type Measured } from './measure';
import { NEED } from './needs';
import { needLife } from './need-life';

const SEND = 500;

/** (b) Events of whole lives from a topic into the read model, beside raw kafkajs and one raw upsert per event. Both start at the first batch. */
export const projectionBench = async (store: LedgerStore, brokers: readonly string[], lives: number, rounds: number): Promise<BenchResult> => {
  const bus = new KafkajsEventBus(brokers, 'bench-projection');
  const ours: Measured[] = [];
  const bound: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { topic, count } = await fillTopic(bus, lives);
    bound.push(await consume(bus, topic, count, rawUpserts(store, `raw_view_${round}`)));
    ours.push(await consume(bus, topic, count, projected(store)));
  }
  return compare('projection', 'events/s', together(ours), together(bound));
};

const fillTopic = async (bus: KafkajsEventBus, lives: number): Promise<{ readonly topic: string; readonly count: number }> => {
  const topic = `bench.projection.${randomBytes(4).toString('hex')}`;
  await createTopics([topic]);
  const streams = Array.from({ length: lives }, () => outboxOf(NEED, randomBytes(13).toString('hex'), needLife()).flatMap(({ records }) => records));
  const longest = Math.max(...streams.map(({ length }) => length));
  // As in life: event by event over all needs, not need by need.
  const records = Array.from({ length: longest }, (_, i) => streams.flatMap((stream) => stream[i] ?? [])).flat();
  const messages: OutgoingMessage[] = records.map((record) => ({
    key: record.entity,
    value: JSON.stringify(toCloudEvent(toLedgerDocument(record))),
  }));
  const publisher = bus.publisher();
  for (let from = 0; from < messages.length; from += SEND) await publisher.send(topic, messages.slice(from, from + SEND));
  await publisher.close();
  return { topic, count: messages.length };
};

type Handle = (values: readonly string[]) => Promise<void>;

const consume = async (bus: KafkajsEventBus, topic: string, count: number, handle: Handle): Promise<Measured> => {
  let seen = 0;
  let startMs = 0;
  let finish: (endMs: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => (finish = resolve));
  const subscription = await bus.subscribe({ groupId: `bench-${randomBytes(6).toString('hex')}`, topics: [topic] }, async (messages) => {
    startMs ||= nowMs();
    await handle(messages.map(({ value }) => value ?? ''));
    seen += messages.length;
    if (seen >= count) finish(nowMs());
  });
  const endMs = await finished;
  await subscription.close();
  return { count, wallMs: endMs - startMs, latenciesMs: [] };
};

const rawUpserts = (store: LedgerStore, name: string): Handle => {
  const collection = store.db.collection<{ _id: string }>(name);
  return async (values) => {
    const operations = values.map((value): AnyBulkWriteOperation<{ _id: string }> => {
      const { subject, ...event } = JSON.parse(value) as { readonly subject: string };
      return { replaceOne: { filter: { _id: subject }, replacement: event, upsert: true } };
    });
    await collection.bulkWrite(operations, { ordered: false });
  };
};

const projected = (store: LedgerStore): Handle => {
  const quarantine = new Quarantine(store.db, needsModel.name);
  const projector = new Projector(needsModel, { store, quarantine, active: new ActiveModel(store.db, needsModel) });
  return async (values) => {
    const records = values.map(fromCloudEvent).map((received): ReceivedRecord => {
      if (!received.ok) throw new Error(`bench: ${received.why}`);
      return received.record;
    });
    await projector.apply(records);
  };
};
