import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import {
  ActiveModel,
  anyDecider,
  appendActivities,
  Appender,
  CommandGateway,
  CommandLog,
  EndedEntities,
  Incidents,
  LedgerStore,
  Projector,
  Quarantine,
  Relay,
} from '@qiyue/engine-runtime';
import { loanDecider } from '../../loan/loan.decider.js';
import { onLoan, type LoanCard } from './on-loan.model.js';
import { follow, producerOf, publishTo } from './topic.js';

export interface Servers {
  readonly temporal: string;
  readonly mongodb: string;
  readonly kafka: string;
  /** Of the database, the task queue, the topic and the consumer group. */
  readonly name: string;
}

/** The loan on given servers: a worker, a gateway, a relay and a projector. Each of them may be a process of its own. */
export const openLibrary = async ({ temporal, mongodb, kafka: brokers, name }: Servers) => {
  const mongo = new MongoClient(mongodb, { writeConcern: { w: 'majority', journal: true } });
  const store = new LedgerStore(mongo.db(name));
  await store.ensureIndexes();

  const native = await NativeConnection.connect({ address: temporal });
  const worker = await Worker.create({
    connection: native,
    taskQueue: name,
    workflowsPath: join(dirname(process.argv[1] ?? ''), 'workflows.js'),
    activities: appendActivities({ store, incidents: new Incidents(store.db) }),
  });
  const working = worker.run();

  const connection = await Connection.connect({ address: temporal });
  const log = new CommandLog(store);
  const ended = new EndedEntities(store, log, [anyDecider(loanDecider)]);
  const options = { inFlightPerEntity: 6, taskQueue: name };
  const gateway = new CommandGateway(new Client({ connection }), new Appender(store), log, ended, options);

  const kafka = new Kafka({ brokers: brokers.split(','), clientId: name, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: name, numPartitions: 3, replicationFactor: 1 }] });
  await admin.disconnect();

  const producer = producerOf(kafka);
  await producer.connect();
  const relay = new Relay(store, { publish: publishTo(producer, name) });
  const relaying = relay.run();

  const active = new ActiveModel<LoanCard>(store.db, onLoan);
  const projector = new Projector(onLoan, { store, active, quarantine: new Quarantine(store.db, onLoan.name) });
  const consumer = kafka.consumer({ groupId: name });
  await follow(consumer, name, (records) => projector.apply(records));

  const close = async (): Promise<void> => {
    await consumer.disconnect();
    relay.stop();
    await relaying;
    await producer.disconnect();
    worker.shutdown();
    await working;
    await connection.close();
    await native.close();
    await store.db.dropDatabase();
    await mongo.close();
  };
  return { store, gateway, active, close };
};
