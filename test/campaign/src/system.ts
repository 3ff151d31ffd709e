import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KafkajsEventBus, connectMongo, type Publisher } from '@qiyue/adapters';
import { QiyueClient } from '@qiyue/client';
import { LedgerStore } from '@qiyue/engine-runtime';
import { Supervisor, mintToken, silentLog, statusOf, type StackStatus } from '@qiyue/stack';
import { eventually } from '@qiyue/testkit';

const ROOT = resolve(__dirname, '../../..');
const BACK_WITHIN_MS = 60_000;

export interface Person {
  readonly actor: string;
  readonly role: string;
  readonly unit?: string;
}

/** The whole system on servers of its own, in a folder of its own: every process real, and each can be killed. */
export class System {
  private readonly tokens = new Map<string, Promise<string>>();

  private constructor(
    private readonly supervisor: Supervisor,
    readonly dataDir: string,
    readonly store: LedgerStore,
    readonly publisher: Publisher,
    private readonly closeMongo: () => Promise<void>,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<System> {
    const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-system-'));
    const processes = ['worker', 'relay', 'intake', 'projections', 'api'].map((name) => ({ name, script: join(ROOT, 'apps', name, 'dist/main.js') }));
    const supervisor = new Supervisor({
      dataDir,
      processes,
      log: silentLog,
      env: { ...withoutAddresses(process.env), QIYUE_LOG_LEVEL: 'warn', ...env },
    });
    await supervisor.start();
    const { mongodb, kafka } = statusOf(dataDir);
    const { client, db } = await connectMongo({ QIYUE_MONGODB_URI: mongodb ?? '', QIYUE_MONGODB_DATABASE: 'qiyue' });
    const publisher = await new KafkajsEventBus((kafka ?? '').split(','), 'campaign').publisher();
    return new System(supervisor, dataDir, new LedgerStore(db), publisher, () => client.close());
  }

  get status(): StackStatus {
    return statusOf(this.dataDir);
  }
  get api(): string {
    return this.status.api ?? '';
  }
  get brokers(): string {
    return this.status.kafka ?? '';
  }

  token({ actor, role, unit }: Person): Promise<string> {
    const key = `${actor}/${role}/${unit ?? ''}`;
    const known = this.tokens.get(key) ?? mintToken({ dataDir: this.dataDir, actor, role, ...(unit === undefined ? {} : { unit }), env: {} });
    this.tokens.set(key, known);
    return known;
  }

  client(person: Person): QiyueClient {
    return new QiyueClient({ baseUrl: this.api, token: () => this.token(person) });
  }

  pidOf(name: string): number {
    const pid = this.status.processes.find((process) => process.name === name)?.pid;
    if (typeof pid !== 'number') throw new Error(`${name} does not run`);
    return pid;
  }

  /** SIGKILL, then until the supervisor has another one running in its place. */
  async kill(name: string): Promise<void> {
    const pid = this.pidOf(name);
    process.kill(pid, 'SIGKILL');
    await eventually(
      `${name} to be back`,
      () => this.status.processes.some((one) => one.name === name && one.state === 'running' && one.pid !== null && one.pid !== pid),
      BACK_WITHIN_MS,
    );
  }

  /** Stands still, as a server does that cannot be reached, until `resume`. */
  pause(name: string): { readonly resume: () => void } {
    const pid = this.pidOf(name);
    process.kill(pid, 'SIGSTOP');
    return { resume: () => void process.kill(pid, 'SIGCONT') };
  }

  async stop(): Promise<void> {
    await this.publisher.close().catch(() => undefined);
    await this.closeMongo();
    await this.supervisor.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** A system of its own starts its own servers, whatever the environment names. */
const withoutAddresses = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('QIYUE_') || name === 'QIYUE_CACHE_DIR'));
