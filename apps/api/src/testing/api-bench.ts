import { randomBytes } from 'node:crypto';
import { ActivationStore } from '@qiyue/edge';
import { clockOf, createLogger, REHEARSAL_DATABASE, settingsSchema, type Clock, type Logger } from '@qiyue/platform';
import { modelsOf, sagasOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { fromCloudEvent, projected, Relay, toCloudEvent, type Positioned } from '@qiyue/engine-runtime';
import { NEED_RULES, needDecider } from '@qiyue/need-domain';
import { bundleOfAggregates, EngineBench, sendRequest, serversFromEnv, type Answer, type Sending as RawSending } from '@qiyue/testkit';
import { startApi, type ApiSettings, type RunningApi } from '../start-api';
import { OPERATOR, SECOND_OPERATOR } from './people';
import { TestTokens, type Who } from './test-tokens';

export interface Sending extends Omit<RawSending, 'as' | 'token'> {
  readonly as?: Who | null;
}

export const quiet: Logger = createLogger('test', 'fatal');

/** The settings of an API on the running servers, with changes. */
export const settingsFor = (tokens: TestTokens, database: string, changes: Readonly<Record<string, string>> = {}): ApiSettings => {
  const { temporal, mongodb, kafka } = serversFromEnv();
  return settingsSchema.parse({
    QIYUE_TEMPORAL_ADDRESS: temporal,
    QIYUE_KAFKA_BROKERS: kafka,
    QIYUE_MONGODB_URI: mongodb,
    QIYUE_MONGODB_DATABASE: database,
    QIYUE_API_PORT: '0',
    QIYUE_JWKS: tokens.jwksPath,
    QIYUE_KEYS: tokens.keysPath,
    ...changes,
  });
};

const benchSettings = (engine: EngineBench, tokens: TestTokens, changes: Readonly<Record<string, string>>): ApiSettings =>
  settingsFor(tokens, engine.db.databaseName, { QIYUE_TEMPORAL_NAMESPACE: engine.namespace, ...changes });

/** One request to an API; JSON in, JSON out. */
export const request = async (base: string, tokens: TestTokens, method: string, path: string, { as, ...sending }: Sending = {}): Promise<Answer> =>
  sendRequest(`${base}${path}`, method, { ...sending, ...(as ? { token: await tokens.mint(as) } : {}) });

/** An API on real servers with a namespace and a database of its own, with every aggregate; the events reach the read models by a real relay. */
export class ApiBench {
  private constructor(
    readonly engine: EngineBench,
    readonly tokens: TestTokens,
    readonly api: RunningApi,
    readonly clock: Clock,
    private readonly relay: Relay,
    private readonly relaying: Promise<void>,
  ) {}

  /** `rules`: those of needs that are active from the beginning. */
  static create(changes: Readonly<Record<string, string>> = {}, rules = NEED_RULES): Promise<ApiBench> {
    return ApiBench.start(() => changes, rules);
  }

  /** On a business time that begins when everything else is there, so many times as fast as the machine's. */
  static rehearse(business: string, timesAsFast: number, changes: Readonly<Record<string, string>> = {}): Promise<ApiBench> {
    const clock = (): string => `${new Date().toISOString()}/${business}/${timesAsFast}`;
    const database = `${REHEARSAL_DATABASE}_${randomBytes(6).toString('hex')}`;
    return ApiBench.start(() => ({ ...changes, QIYUE_REHEARSAL_CLOCK: clock() }), NEED_RULES, { database });
  }

  private static async start(changes: () => Readonly<Record<string, string>>, rules: number, options: { readonly database?: string } = {}) {
    const bundle = await bundleOfAggregates(AGGREGATES);
    const deciders = AGGREGATES.map(({ decider }) => decider);
    const engine = await EngineBench.create({ deciders, bundle, sagas: sagasOf(AGGREGATES), hasOwnNamespace: true, ...options });
    const tokens = await TestTokens.create();
    await new ActivationStore(engine.db).activate(needDecider.aggregate, rules); // as a county that begins
    const settings = benchSettings(engine, tokens, changes());
    const api = await startApi(settings, quiet, engine.taskQueue);
    const relay = new Relay(engine.store, { publish: projectionOf(engine) });
    const bench = new ApiBench(engine, tokens, api, clockOf(settings), relay, relay.run());
    engine.pace = bench.clock.pace;
    await engine.startWorker();
    return bench;
  }

  /** Those of another API on the same servers. */
  settings(changes: Readonly<Record<string, string>> = {}): ApiSettings {
    return benchSettings(this.engine, this.tokens, changes);
  }

  get base(): string {
    return `http://127.0.0.1:${this.api.port}`;
  }

  send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return request(this.base, this.tokens, method, path, sending);
  }

  post(path: string, as: Who, body: unknown, key?: string): Promise<Answer> {
    return this.send('POST', path, { as, body, ...(key === undefined ? {} : { key }) });
  }

  get(path: string, as: Who): Promise<Answer> {
    return this.send('GET', path, { as });
  }

  /** Two operators erase a person. */
  async erase(subject: string): Promise<Answer> {
    const asked = await this.post('/v1/privacy/erasures', OPERATOR, { subject });
    return this.post(`/v1/privacy/erasures/${asked.body['erasureId']}/approve`, SECOND_OPERATOR, {});
  }

  async close(): Promise<void> {
    await this.api.stop();
    this.relay.stop();
    await this.relaying;
    await this.engine.close();
    await this.tokens.remove();
  }
}

const projectionOf = ({ store }: EngineBench): ((batch: readonly Positioned[]) => Promise<void>) => {
  const models = modelsOf(AGGREGATES).map((model) => projected(store, model));
  return async (batch) => {
    const records = batch.map(({ document, position }) => {
      const received = fromCloudEvent(JSON.stringify(toCloudEvent(document, position)));
      if (!received.ok) throw new Error(received.why);
      return received.record;
    });
    for (const model of models) await model.apply(records);
  };
};
