import { randomBytes } from 'node:crypto';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { openMongo } from '@qiyue/platform';
import { needFigures, needsModel } from '@qiyue/need';
import { Entity, fingerprintOf, instantMsOf, openRecord, sealRecord, type Actor, type CommandEnvelope, type RecordBody } from '@qiyue/engine';
import {
  ActiveModel,
  LedgerStore,
  projected,
  Projector,
  Quarantine,
  toLedgerDocument,
  type ProjectedModel,
  type ReadModel,
} from '@qiyue/engine-runtime';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';
import { serversFromEnv, type Answer } from '@qiyue/testkit';
import type { Db } from 'mongodb';
import { startApi, type RunningApi } from '../start-api';
import { quiet, request, settingsFor } from './api-bench';
import { TestTokens, type Who } from './test-tokens';

/** The built-in calendar, cut off behind a day: what lies later has no date yet. */
export const tablesUntil = (to: string) => ({
  calendar: compileTable({ ...CHINA_2024_2026, covers: { ...CHINA_2024_2026.covers, to } }),
  policy: compilePolicy(DEFAULT_POLICY_DOCUMENT),
});

/** A need of long ago: its records are those of the engine's own entity, its timers have fired when a command comes. */
export class Past {
  private readonly entity;
  private commands = 0;

  constructor(
    readonly needId: string,
    private readonly tables = tablesUntil('2026-12-31'),
    private readonly rules = 1,
  ) {
    this.entity = new Entity(needDecider, needId);
  }

  does(receivedAt: string, actor: Actor, command: NeedCommand): this {
    const base = { entity: this.needId, type: command.type, data: command.data as unknown as CommandEnvelope['data'], actor };
    const once = { commandId: `${this.needId}-${(this.commands += 1)}`, fingerprint: fingerprintOf(base), channel: 'http' as const };
    const { outcome } = this.entity.handle({ ...base, ...once, receivedAt, tables: this.tables, rules: this.rules });
    if (outcome.status === 'refused') throw new Error(`${command.type} at ${receivedAt}: ${outcome.refusal.code}`);
    return this;
  }

  /** Whatever falls due until then happens. */
  until(now: string): this {
    for (let due = this.entity.due(); due !== null && instantMsOf(due.at) <= instantMsOf(now); due = this.entity.due()) this.entity.fire();
    return this;
  }

  /** Everything since the last time. */
  take(): readonly RecordBody[] {
    const records = this.entity.unconfirmed.flatMap((entry) => entry.records.map(openRecord));
    this.entity.confirm(this.entity.confirmationOfAll());
    return records;
  }
}

/** An API whose business time is of one's choice, over needs of the past that came into the read models by their own projectors. */
export class PastBench {
  private constructor(
    private readonly mongo: ReturnType<typeof openMongo>,
    private readonly projector: Pick<Projector<unknown>, 'apply'>,
    private readonly figures: Pick<ProjectedModel, 'apply'>,
    readonly quarantine: Quarantine,
    private readonly tokens: TestTokens,
    private readonly api: RunningApi,
  ) {}

  static async create(businessNow: string): Promise<PastBench> {
    const database = `rehearsal_${randomBytes(6).toString('hex')}`;
    const mongo = openMongo({ QIYUE_MONGODB_URI: serversFromEnv().mongodb, QIYUE_MONGODB_DATABASE: database });
    const quarantine = new Quarantine(mongo.db, needsModel.name);
    const store = new LedgerStore(mongo.db);
    const ports = { store, active: new ActiveModel(mongo.db, needsModel), quarantine };
    const tokens = await TestTokens.create();
    const clock = `${new Date().toISOString()}/${businessNow}/1`;
    const api = await startApi(settingsFor(tokens, database, { QIYUE_REHEARSAL_CLOCK: clock }), quiet);
    return new PastBench(mongo, new Projector(needsModel, ports), projected(store, needFigures), quarantine, tokens, api);
  }

  show(...pasts: readonly Past[]): Promise<void> {
    return this.project(pasts.flatMap((past) => past.take()));
  }

  /** In the ledger too, for what is answered from there; what each of them recorded. */
  async record(...pasts: readonly Past[]): Promise<readonly RecordBody[]> {
    const bodies = pasts.flatMap((past) => past.take());
    await new LedgerStore(this.db).insertInOrder(bodies.map((body) => toLedgerDocument(sealRecord(body))));
    await this.project(bodies);
    return bodies;
  }

  /** Entities of any kind, in its read model alone. */
  async showOf(model: ReadModel<unknown>, bodies: readonly RecordBody[]): Promise<void> {
    const ports = { store: new LedgerStore(this.db), active: new ActiveModel(this.db, model), quarantine: new Quarantine(this.db, model.name) };
    await new Projector(model, ports).apply(bodies.map((body) => ({ body, hash: sealRecord(body).hash })));
  }

  private async project(bodies: readonly RecordBody[]): Promise<void> {
    const records = bodies.map((body) => ({ body, hash: sealRecord(body).hash }));
    await Promise.all([this.projector.apply(records), this.figures.apply(records)]);
  }

  get db(): Db {
    return this.mongo.db;
  }

  /** Any request, as somebody or as nobody. */
  send(method: string, path: string, as: Who | null, body?: unknown): Promise<Answer> {
    return request(this.base, this.tokens, method, path, { as, ...(body === undefined ? {} : { body }) });
  }

  get(path: string, as: Who | null): Promise<Answer> {
    return request(this.base, this.tokens, 'GET', path, { as });
  }

  /** An answer that is no JSON. */
  async text(path: string, as: Who): Promise<{ readonly type: string | null; readonly text: string }> {
    const answer = await fetch(`${this.base}${path}`, { headers: { authorization: `Bearer ${await this.tokens.mint(as)}` } });
    return { type: answer.headers.get('content-type'), text: await answer.text() };
  }

  async close(): Promise<void> {
    await this.api.stop();
    await this.mongo.db.dropDatabase();
    await this.mongo.client.close();
    await this.tokens.remove();
  }

  get base(): string {
    return `http://127.0.0.1:${this.api.port}`;
  }
}
