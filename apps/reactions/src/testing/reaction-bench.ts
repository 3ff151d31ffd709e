import { randomBytes } from 'node:crypto';
import { createLogger, KafkajsEventBus, publishWith, settingsSchema, type EventBus, type Publisher, type Running } from '@qiyue/platform';
import { eventTopicOf, type CommandEnvelope } from '@qiyue/engine';
import { anyDecider, Relay, type Command, type CommandGateway, type Positioned, type ReactingAggregate } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, createTopics, EngineBench, serversFromEnv } from '@qiyue/testkit';
import { startReactions, type ReactionOptions } from '../start-reactions';
import { orderDecider, orderReactions } from './order.decider';
import { shelfDecider } from './shelf.decider';

export const quiet = createLogger('test', 'fatal');
const DECIDERS = [anyDecider(orderDecider), anyDecider(shelfDecider)];
export const AGGREGATES: readonly ReactingAggregate[] = [
  { decider: anyDecider(orderDecider), reactions: orderReactions },
  { decider: anyDecider(shelfDecider), reactions: [] },
];
const ANSWERED_MS = 20_000;

/** The same bus under topics of its own: a test shares the brokers with others, but not their events. */
const withPrefix = (bus: EventBus, prefix: string): EventBus => ({
  publisher: () => {
    const inner = bus.publisher();
    return { send: (topic, messages) => inner.send(prefix + topic, messages), close: () => inner.close() };
  },
  subscribe: ({ topics, groupId, ...options }, handle) =>
    bus.subscribe({ ...options, groupId: prefix + groupId, topics: topics.map((topic) => prefix + topic) }, (messages, alive) =>
      handle(
        messages.map((message) => ({ ...message, topic: message.topic.slice(prefix.length) })),
        alive,
      ),
    ),
});

/** Two kinds of entity on real servers, a relay to topics of their own, and processes that run the reactions of the one. */
export class ReactionBench {
  /** Of orders: what the topic never gets. */
  readonly leftOut = new Set<number>();
  private readonly running = new Set<Running>();
  private readonly others: EngineBench[] = [];
  private readonly gateway: CommandGateway;
  private readonly relay: Relay;
  private readonly relaying: Promise<void>;

  private constructor(
    readonly bench: EngineBench,
    readonly prefix: string,
    private readonly bus: EventBus,
    readonly publisher: Publisher,
  ) {
    this.gateway = bench.gateway();
    const isPublished = ({ document: { aggregate, seq } }: Positioned): boolean => aggregate !== 'order' || !this.leftOut.has(seq);
    this.relay = new Relay(bench.store, { publish: (batch) => publishWith(publisher, batch.filter(isPublished)) });
    this.relaying = this.relay.run();
  }

  static async create(): Promise<ReactionBench> {
    const prefix = `t${randomBytes(5).toString('hex')}.`;
    const topics = DECIDERS.map(({ aggregate }) => prefix + eventTopicOf(aggregate));
    await createTopics([...topics, ...topics.map((topic) => `${topic}.dead`)], 3);
    const bench = await ReactionBench.engine();
    await bench.startWorker();
    const bus = withPrefix(new KafkajsEventBus(serversFromEnv().kafka.split(','), 'qiyue-test'), prefix);
    return new ReactionBench(bench, prefix, bus, bus.publisher());
  }

  private static async engine(database?: string): Promise<EngineBench> {
    const bundle = await bundleOf(require.resolve('./workflows'));
    return EngineBench.create({ deciders: DECIDERS, bundle, ...(database === undefined ? {} : { database }) });
  }

  /** Workers of their own, which can be away: whatever is started there waits for them. */
  async otherWorkers(): Promise<EngineBench> {
    const other = await ReactionBench.engine(this.bench.db.databaseName);
    this.others.push(other);
    await other.startWorker();
    return other;
  }

  async start(options: ReactionOptions = {}, aggregates = AGGREGATES): Promise<Running> {
    const servers = serversFromEnv();
    const settings = settingsSchema.parse({
      ...{ QIYUE_TEMPORAL_ADDRESS: servers.temporal, QIYUE_KAFKA_BROKERS: servers.kafka, QIYUE_MONGODB_URI: servers.mongodb },
      ...{ QIYUE_MONGODB_DATABASE: this.bench.db.databaseName, QIYUE_JWKS: 'not-used', QIYUE_KEYS: 'not-used' },
    });
    const process = await startReactions(settings, aggregates, quiet, { bus: this.bus, taskQueue: this.bench.taskQueue, ...options });
    this.running.add(process);
    return process;
  }

  async stop(process: Running): Promise<void> {
    this.running.delete(process);
    await process.stop();
  }

  /** Accepted, or the test fails. Answers the entity. */
  async does(command: Command, gateway = this.gateway): Promise<string> {
    const answer = await gateway.execute(command, ANSWERED_MS);
    if (answer.kind !== 'outcome' || answer.outcome.status !== 'accepted') throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
    return command.entity;
  }

  putUp(places: number, gateway = this.gateway): Promise<string> {
    return this.does(commandFor(shelfDecider, 'put-up', { places }), gateway);
  }

  place(shelf: string, count = 1, more: CommandEnvelope['data'] = {}): Promise<string> {
    return this.does(commandFor(orderDecider, 'place', { shelf, count, ...more }));
  }

  order(order: string, type: 'cancel' | 'mark', data: CommandEnvelope['data'] = {}): Promise<string> {
    return this.does(commandFor(orderDecider, type, data, { entity: order }));
  }

  /** Event types of an entity's records, but the first. */
  async happenedTo(entity: string): Promise<readonly string[]> {
    return (await this.bench.store.stream(entity, 2)).map(({ type }) => type);
  }

  /** Seq up to which a source was reacted to. */
  async reactedUpTo(entity: string): Promise<number> {
    const found = await this.bench.db.collection<{ _id: string; seq: number }>('reactionProgress').findOne({ _id: entity });
    return found?.seq ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((process) => process.stop()));
    this.relay.stop();
    await this.relaying;
    await this.publisher.close();
    for (const other of this.others) await other.close({ keepDatabase: true });
    await this.bench.close();
  }
}
