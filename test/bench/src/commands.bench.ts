import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { KafkajsEventBus, publishWith, type Publisher } from '@qiyue/adapters';
import { Relay } from '@qiyue/engine-runtime';
import { EngineBench, createTopics, eventually } from '@qiyue/testkit';
import { compare, nowMs, timed, together, type BenchResult, type Measured } from './measure';
import { NEED, PAD, must, needInWorks, progress } from './needs';
import type { PlainEvent } from './subjects/workflows';

/** Entities at once and commands of each in sequence, per round. */
export interface Shape {
  readonly entities: number;
  readonly each: number;
}

export interface Addresses {
  readonly temporal: string;
  readonly kafka: string;
  readonly mongodb: string;
}

/** Everything that the command measurements share: both subjects in one worker process each, on the same servers. */
export class CommandBench {
  private readonly topic = `bench.events.${randomBytes(4).toString('hex')}`;

  private constructor(
    private readonly engine: EngineBench,
    private readonly publisher: Publisher,
    private readonly plain: {
      readonly worker: Worker;
      readonly running: Promise<void>;
      readonly connection: NativeConnection;
      readonly taskQueue: string;
    },
  ) {}

  static async create(addresses: Addresses, bundle: WorkflowBundleOption): Promise<CommandBench> {
    const engine = await EngineBench.create({ deciders: [NEED], bundle });
    await engine.startWorker();
    await engine.followLog();
    const publisher = await new KafkajsEventBus(addresses.kafka.split(','), 'bench').publisher();
    const connection = await NativeConnection.connect({ address: addresses.temporal });
    const taskQueue = `plain-${randomBytes(4).toString('hex')}`;
    const events = engine.db.collection<PlainEvent>('plain', { writeConcern: { w: 'majority', journal: true } });
    await events.createIndex({ id: 1, seq: 1 }, { unique: true });
    const topic = `bench.plain.${randomBytes(4).toString('hex')}`;
    await createTopics([topic]);
    const publish = async (event: PlainEvent): Promise<void> => {
      await events.insertOne({ ...event });
      await publisher.send(topic, [{ key: event.id, value: JSON.stringify(event) }]);
    };
    const worker = await Worker.create({
      connection,
      taskQueue,
      workflowBundle: bundle,
      activities: { publish },
      maxConcurrentWorkflowTaskExecutions: 100,
    });
    const bench = new CommandBench(engine, publisher, { worker, running: worker.run(), connection, taskQueue });
    await createTopics([bench.topic]);
    return bench;
  }

  /** (a) Acknowledged commands, the appends going on behind, beside a bare workflow's updates. Rounds alternate. */
  async acknowledged(shape: Shape, rounds: number): Promise<BenchResult> {
    const ours: Measured[] = [];
    const bound: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bound.push(await this.plainRound('bare', shape));
      ours.push(await this.oursRound(shape));
    }
    return compare(`commands@${shape.entities}`, 'commands/s', together(ours), together(bound));
  }

  /** (e) The same until the last event is in the ledger and on the topic, beside the hand-written peer. */
  async drained(shape: Shape, rounds: number): Promise<BenchResult> {
    const ours: Measured[] = [];
    const bound: Measured[] = [];
    const relay = new Relay(this.engine.store, {
      publish: (batch) => publishWith({ ...this.publisher, send: (_, messages) => this.publisher.send(this.topic, messages) }, batch),
      onPublished: (batch) => (this.published += batch.length),
    });
    const running = relay.run();
    await eventually('relay follows', () => relay.isFollowing, 30_000);
    for (let round = 0; round < rounds; round += 1) {
      bound.push(await this.plainRound('handWritten', shape));
      ours.push(await this.oursRound(shape, true));
    }
    relay.stop();
    await running;
    return compare(`drained@${shape.entities}`, 'commands/s', together(ours), together(bound));
  }

  private published = 0;

  private async oursRound({ entities, each }: Shape, untilPublished = false): Promise<Measured> {
    const gateway = this.engine.gateway();
    const needs = await Promise.all(Array.from({ length: entities }, () => needInWorks(gateway)));
    if (untilPublished) await this.allPublished();
    const pending: Promise<unknown>[] = [];
    const startMs = nowMs();
    const measured = await timed(entities, each, async (worker) => {
      const { appended } = await must(gateway, progress(needs[worker] ?? ''));
      pending.push(appended);
    });
    await Promise.all(pending);
    if (!untilPublished) return measured;
    await this.allPublished();
    return { ...measured, wallMs: nowMs() - startMs };
  }

  private async allPublished(): Promise<void> {
    const total = await this.engine.store.ledger.countDocuments();
    await eventually('everything published', () => this.published >= total, 60_000);
  }

  private async plainRound(workflow: 'bare' | 'handWritten', { entities, each }: Shape): Promise<Measured> {
    const { client } = this.engine;
    const run = randomBytes(4).toString('hex');
    const handles: WorkflowHandle[] = await Promise.all(
      Array.from({ length: entities }, (_, i) => {
        const workflowId = `${workflow}-${run}-${i}`;
        return client.workflow.start(workflow, {
          taskQueue: this.plain.taskQueue,
          workflowId,
          args: workflow === 'bare' ? [each] : [workflowId, each],
        });
      }),
    );
    return timed(entities, each, async (worker) => {
      await handles[worker]?.executeUpdate('plain-command', { args: [{ pad: PAD }] });
    });
  }

  get bench(): EngineBench {
    return this.engine;
  }

  async close(): Promise<void> {
    this.plain.worker.shutdown();
    await this.plain.running;
    await this.plain.connection.close();
    await this.publisher.close();
    await this.engine.close();
  }
}
