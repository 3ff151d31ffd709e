import { KafkajsEventBus, inBackground, loadSettings, openMongo, publishWith, runProcess, type Running } from '@qiyue/adapters';
import { LedgerStore, Relay } from '@qiyue/engine-runtime';

runProcess('relay', async (log): Promise<Running> => {
  const settings = loadSettings(process.env, 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI', 'QIYUE_MONGODB_DATABASE');
  const { client, db } = openMongo(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => store.ensureIndexes());
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-relay');
  const publisher = bus.publisher();
  const relay = new Relay(store, {
    publish: (batch) => publishWith(publisher, batch),
    onTrouble: (phase, error) => log.warn({ phase, err: error instanceof Error ? error.name : typeof error }, 'trying again'),
  });
  const running = relay.run();
  return {
    stop: async () => {
      relay.stop();
      await running;
      await publisher.close();
      await client.close();
    },
  };
});
