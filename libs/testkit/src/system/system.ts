import type { MongoClient } from 'mongodb';
import { LedgerStore } from '@qiyue/engine-runtime';
import { QiyueClient } from '@qiyue/client';
import { mintToken, type ProcessHandle, type Servers } from '@qiyue/stack';
import type { AppProcess } from './app-process';
import { sendRequest, type Answer, type Sending } from './http-side';
import { KafkaSide } from './kafka-side';
import type { Who } from './people';

export const APP_NAMES = ['worker', 'relay', 'intake', 'projections', 'notifications', 'api'] as const;
export type AppName = (typeof APP_NAMES)[number];
export const SERVER_NAMES = ['kafka', 'mongodb', 'temporal'] as const;
/** All that can be killed. */
export type Victim = AppName | (typeof SERVER_NAMES)[number];

export interface SystemParts {
  readonly dataDir: string;
  readonly servers: Servers;
  readonly apps: Readonly<Record<AppName, AppProcess>>;
  readonly apiPort: number;
  readonly metricsPorts: Readonly<Record<AppName, number>>;
  readonly mongo: MongoClient;
  readonly cleanUp: () => Promise<void>;
}

/** The whole system on servers of its own, from outside: HTTP, Kafka, and its processes by name. */
export class System {
  readonly base: string;
  readonly kafka: KafkaSide;
  readonly store: LedgerStore;
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(private readonly parts: SystemParts) {
    this.base = `http://127.0.0.1:${parts.apiPort}`;
    this.kafka = new KafkaSide(parts.servers.kafkaBrokers.split(','));
    this.store = new LedgerStore(parts.mongo.db(parts.servers.mongodbDatabase));
  }

  get servers(): Servers {
    return this.parts.servers;
  }

  get dataDir(): string {
    return this.parts.dataDir;
  }

  /** A token, a day old at its end unless `expiresInS` says otherwise. */
  token(who: Who, expiresInS?: number): Promise<string> {
    const name = JSON.stringify([who, expiresInS]);
    const made =
      this.tokens.get(name) ?? mintToken({ dataDir: this.parts.dataDir, env: {}, ...who, ...(expiresInS === undefined ? {} : { expiresInS }) });
    this.tokens.set(name, made);
    return made;
  }

  client(who: Who): QiyueClient {
    return new QiyueClient({ baseUrl: this.base, token: () => this.token(who), language: 'en' });
  }

  async request(method: string, path: string, { as, ...sending }: Sending = {}): Promise<Answer> {
    const token = sending.token ?? (as === undefined ? undefined : await this.token(as));
    return sendRequest(`${this.base}${path}`, method, { ...sending, ...(token === undefined ? {} : { token }) });
  }

  post(path: string, as: Who, body: unknown, key?: string): Promise<Answer> {
    return this.request('POST', path, { as, body, ...(key === undefined ? {} : { key }) });
  }

  get(path: string, as: Who): Promise<Answer> {
    return this.request('GET', path, { as });
  }

  /** What one of our processes counts of its own work. */
  async metricsOf(name: AppName): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.parts.metricsPorts[name]}/metrics`)).text();
  }

  app(name: AppName): AppProcess {
    return this.parts.apps[name];
  }

  /** One of our processes or of the servers; all are killed and started again alike. */
  process(name: Victim): ProcessHandle {
    if (name in this.parts.apps) return this.parts.apps[name as AppName];
    const handle = this.parts.servers.handles[name as (typeof SERVER_NAMES)[number]];
    if (handle === undefined) throw new Error(`${name} was not started here`);
    return handle;
  }

  /** Ends of our processes that nobody asked for. */
  get crashes(): readonly string[] {
    return APP_NAMES.flatMap((name) => this.parts.apps[name].crashes);
  }

  async stop(): Promise<void> {
    await this.kafka.close().catch(() => undefined);
    await Promise.all(APP_NAMES.map((name) => this.parts.apps[name].stop()));
    await this.parts.mongo.close();
    await this.parts.cleanUp();
  }
}
