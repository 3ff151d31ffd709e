import type { MongoClient } from 'mongodb';
import { LedgerStore } from '@qiyue/engine-runtime';
import { QiyueClient } from '@qiyue/client';
import { mintToken, type ProcessHandle, type Servers } from '@qiyue/stack';
import type { AppProcess } from './app-process';
import { sendRequest, type Answer, type Sending } from './http-side';
import { KafkaSide } from './kafka-side';
import type { Who } from './people';

export const APP_NAMES = ['worker', 'relay', 'intake', 'projections', 'notifications', 'reactions', 'api'] as const;
export type AppName = (typeof APP_NAMES)[number];
export const SERVER_NAMES = ['kafka', 'mongodb', 'temporal'] as const;
/** All that can be killed. */
export type Victim = AppName | (typeof SERVER_NAMES)[number];

export interface SystemParts {
  readonly dataDir: string;
  readonly servers: Servers;
  readonly apps: Record<AppName, AppProcess>;
  /** One more process of this name, of another build and on ports of its own; not started yet. */
  readonly another: (name: AppName, script: string) => Promise<{ readonly app: AppProcess; readonly apiPort: number }>;
  readonly apiPort: number;
  readonly metricsPorts: Readonly<Record<AppName, number>>;
  readonly mongo: MongoClient;
  readonly cleanUp: () => Promise<void>;
}

/** The whole system on servers of its own, from outside: HTTP, Kafka, and its processes by name. */
export class System {
  /** Of the API that was started last. */
  base: string;
  private readonly bases: string[];
  readonly kafka: KafkaSide;
  readonly store: LedgerStore;
  private readonly replaced: AppProcess[] = [];
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(private readonly parts: SystemParts) {
    this.base = `http://127.0.0.1:${parts.apiPort}`;
    this.bases = [this.base];
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
    const base = this.bases[Math.floor(Math.random() * this.bases.length)] ?? this.base;
    return sendRequest(`${base}${path}`, method, { ...sending, ...(token === undefined ? {} : { token }) });
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

  /** A rolling deployment's step: another build of a process runs beside this one for a while, then this one is told to stop. */
  async replace(name: AppName, script: string, besideMs = 0): Promise<void> {
    const before = this.parts.apps[name];
    const { app, apiPort } = await this.parts.another(name, script);
    app.start();
    await app.waitReady();
    if (name === 'api') this.bases.push((this.base = `http://127.0.0.1:${apiPort}`));
    await new Promise((resolve) => setTimeout(resolve, besideMs));
    if (name === 'api') this.bases.splice(0, this.bases.length - 1);
    this.replaced.push(before);
    this.parts.apps[name] = app;
    await before.stop();
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
    return [...APP_NAMES.map((name) => this.parts.apps[name]), ...this.replaced].flatMap(({ crashes }) => crashes);
  }

  async stop(): Promise<void> {
    await this.kafka.close().catch(() => undefined);
    await Promise.all(APP_NAMES.map((name) => this.parts.apps[name].stop()));
    await this.parts.mongo.close();
    await this.parts.cleanUp();
  }
}
