import { ActivationStore, createLogger, settingsSchema, type Logger } from '@qiyue/adapters';
import { needsModel } from '@qiyue/need';
import { ActiveModel, anyDecider, fromCloudEvent, Projector, Quarantine, Relay, toCloudEvent, type Positioned } from '@qiyue/engine-runtime';
import { NEED_RULES, needDecider } from '@qiyue/need-domain';
import { bundleOf, EngineBench, sendRequest, serversFromEnv, type Answer, type Sending as RawSending } from '@qiyue/testkit';
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

/** One request to an API; JSON in, JSON out. */
export const request = async (base: string, tokens: TestTokens, method: string, path: string, { as, ...sending }: Sending = {}): Promise<Answer> =>
  sendRequest(`${base}${path}`, method, { ...sending, ...(as ? { token: await tokens.mint(as) } : {}) });

/** An API on real servers with a database and a task queue of its own; the events reach its read model by a real relay. */
export class ApiBench {
  private constructor(
    readonly engine: EngineBench,
    readonly tokens: TestTokens,
    readonly api: RunningApi,
    private readonly relay: Relay,
    private readonly relaying: Promise<void>,
  ) {}

  /** `rules`: those that are active from the beginning. */
  static async create(changes: Readonly<Record<string, string>> = {}, rules = NEED_RULES): Promise<ApiBench> {
    const bundle = await bundleOf(require.resolve('@qiyue/workflows-need'));
    const engine = await EngineBench.create({ deciders: [anyDecider(needDecider)], bundle });
    const tokens = await TestTokens.create();
    await new ActivationStore(engine.db).activate(needDecider.aggregate, rules); // as a county that begins
    const api = await startApi(settingsFor(tokens, engine.db.databaseName, changes), quiet, engine.taskQueue);
    const relay = new Relay(engine.store, { publish: projectionOf(engine) });
    const bench = new ApiBench(engine, tokens, api, relay, relay.run());
    await engine.startWorker();
    return bench;
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

const projectionOf = ({ db, store }: EngineBench): ((batch: readonly Positioned[]) => Promise<void>) => {
  const projector = new Projector(needsModel, { store, active: new ActiveModel(db, needsModel), quarantine: new Quarantine(db, needsModel.name) });
  return (batch) =>
    projector.apply(
      batch.map(({ document, position }) => {
        const received = fromCloudEvent(JSON.stringify(toCloudEvent(document, position)));
        if (!received.ok) throw new Error(received.why);
        return received.record;
      }),
    );
};
