import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { KafkajsEventBus, publishWith, type Publisher } from '@qiyue/platform';
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

/** `each` is of one slice. */
export interface Sliced extends Shape {
  readonly slices: number;
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
    const publisher = new KafkajsEventBus(addresses.kafka.split(','), 'bench').publisher();
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

  /**
   * (a) Acknowledged commands, the appends going on behind, beside a bare workflow's updates. Both take turns in short
   * slices, so that what else the machine does meets both alike.
   */
  async acknowledged({ entities, each, slices }: Sliced): Promise<BenchResult> {
    const ours: Measured[] = [];
    const bound: Measured[] = [];
    const gateway = this.engine.gateway();
    const needs = await Promise.all(Array.from({ length: entities }, () => needInWorks(gateway)));
    const handles = await this.startPlain('bare', entities, each * slices);
    for (let slice = 0; slice < slices; slice += 1) {
      bound.push(await this.plainUpdates(handles, each));
      const pending: Promise<unknown>[] = [];
      ours.push(await timed(entities, each, async (worker) => void pending.push((await must(gateway, progress(needs[worker] ?? ''))).appended)));
      await Promise.all(pending);
    }
    return compare(`commands@${entities}`, 'commands/s', together(ours), together(bound));
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
      bound.push(await this.plainUpdates(await this.startPlain('handWritten', shape.entities, shape.each), shape.each));
      ours.push(await this.drainedRound(shape));
    }
    relay.stop();
    await running;
    return compare(`drained@${shape.entities}`, 'commands/s', together(ours), together(bound));
  }

  private published = 0;

  private async drainedRound({ entities, each }: Shape): Promise<Measured> {
    const gateway = this.engine.gateway();
    const needs = await Promise.all(Array.from({ length: entities }, () => needInWorks(gateway)));
    await this.allPublished();
    const startMs = nowMs();
    const measured = await timed(entities, each, async (worker) => void (await must(gateway, progress(needs[worker] ?? ''))));
    await this.allPublished();
    return { ...measured, wallMs: nowMs() - startMs };
  }

  private async allPublished(): Promise<void> {
    const total = await this.engine.store.ledger.countDocuments();
    await eventually('everything published', () => this.published >= total, 60_000);
  }

  private startPlain(workflow: 'bare' | 'handWritten', entities: number, updates: number): Promise<WorkflowHandle[]> {
    const run = randomBytes(4).toString('hex');
    return Promise.all(
      Array.from({ length: entities }, (_, i) => {
        const workflowId = `${workflow}-${run}-${i}`;
        return this.engine.client.workflow.start(workflow, {
          taskQueue: this.plain.taskQueue,
          workflowId,
          args: workflow === 'bare' ? [updates] : [workflowId, updates],
        });
      }),
    );
  }

  private plainUpdates(handles: readonly WorkflowHandle[], each: number): Promise<Measured> {
    return timed(handles.length, each, async (worker) => {
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
