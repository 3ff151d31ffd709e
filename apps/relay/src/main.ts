import { AUDIT, TopicWatch } from '@qiyue/audit';
import {
  KafkajsEventBus,
  kafkaSecurityOf,
  inBackground,
  loadSettings,
  metricsPortIn,
  openMongo,
  processMetrics,
  ProcessRegistry,
  publishWith,
  runProcess,
  type Running,
} from '@qiyue/platform';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { LedgerStore, Relay } from '@qiyue/engine-runtime';

runProcess('relay', async (log): Promise<Running> => {
  const settings = loadSettings(process.env, 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI', 'QIYUE_MONGODB_DATABASE');
  const { client, db } = openMongo(settings);
  const registry = new ProcessRegistry(db);
  inBackground(log, 'indexes', () => registry.ensureIndexes());
  const membership = registry.join({ name: 'relay', metricsPort: metricsPortIn(process.env) });
  const { published, relayTroubles } = processMetrics();
  const stores = [new LedgerStore(db), new LedgerStore(db, AUDIT)];
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-relay', kafkaSecurityOf(settings));
  const relays = stores.map((store) => {
    inBackground(log, 'indexes', () => store.ensureIndexes());
    const publisher = bus.publisher(); // one each: a batch of one ledger never waits for the other's
    const relay = new Relay(store, {
      publish: (batch) => publishWith(publisher, batch),
      onTrouble: (phase, error) => {
        relayTroubles.inc({ ledger: store.namespace, phase });
        log.warn({ phase, ledger: store.namespace, err: error instanceof Error ? error.name : typeof error }, 'trying again');
      },
      onPublished: (batch) => published.inc({ ledger: store.namespace }, batch.length),
      onAside: ({ entity, seq, why }) =>
        log.error({ entity, seq, why, ledger: store.namespace }, 'the broker refuses this record: its entity is set aside'),
    });
    return { relay, publisher, running: relay.run() };
  });
  const watches = stores.map((store) => {
    const watch = new TopicWatch({ store, bus, aggregates: store.namespace === '' ? namesOf(AGGREGATES) : [AUDIT], log });
    inBackground(log, 'comparison of ledger and topic', () => watch.start());
    return watch;
  });
  return {
    stop: async () => {
      for (const { relay } of relays) relay.stop();
      await Promise.all([...relays.map(({ running }) => running), ...watches.map((watch) => watch.stop())]);
      await Promise.all(relays.map(({ publisher }) => publisher.close()));
      await membership.leave();
      await client.close();
    },
  };
});
