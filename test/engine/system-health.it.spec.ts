import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlarmStore, NoticeStore, OVER_BUDGET, SystemHealth, troubleNumbers, type Trouble } from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import { actor, TROUBLE_KINDS } from '@qiyue/notices';
import { ConsumerLag, KafkajsEventBus, openMongo, ProcessRegistry, systemClock } from '@qiyue/platform';
import { AGGREGATES } from '@qiyue/aggregates';
import { needsModel } from '@qiyue/need';
import { ActiveModel, type LedgerStore } from '@qiyue/engine-runtime';
import { createTopics, eventually, freshStore, serversFromEnv } from '@qiyue/testkit';

const NOBODY = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500';
const NONE = { read: () => Promise.resolve([]), missingTopics: () => Promise.resolve([]) };

describe('the health of the system', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
  });
  afterAll(() => drop());
  const health = () => new SystemHealth({ db: store.db, aggregates: AGGREGATES, lag: NONE, clock: systemClock }).read();

  it('is not known, and said within three seconds, when no store answers', async () => {
    const { client, db } = openMongo({ QIYUE_MONGODB_URI: NOBODY, QIYUE_MONGODB_DATABASE: 'x' });
    const lag = new ConsumerLag(['127.0.0.1:1'], 'test', { groups: [] });
    const startedMs = Date.now();
    const snapshot = await new SystemHealth({ db, aggregates: AGGREGATES, lag, clock: systemClock }).read();
    expect(Date.now() - startedMs).toBeLessThan(3_000);
    const { at, ...parts } = snapshot;
    expect([typeof at, Object.values(parts).every((part) => part === null)]).toEqual(['string', true]);
    const numbers = troubleNumbers(snapshot, { checkpointMinutes: 60 });
    expect(TROUBLE_KINDS.every((kind) => numbers[kind].count === null)).toBe(true);
    await lag.close();
    await client.close();
  });

  it('counts the needs of which a step is minutes late, and no other', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000 + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    const step = (minutes: number, firedAt: string | null = null) => ({ kind: 'missed', level: 0, at: at(minutes), firedAt });
    const view = (steps: object[], paused: object | null = null) => ({ dueAt: at(0), stage: 'claimed', clock: { paused, steps } });
    const model = await new ActiveModel(store.db, needsModel).collection();
    const insert = (_id: string, of: object) => model.insertOne({ _id, seq: 1, hash: '', view: of } as never);
    await insert('late', view([step(-60, at(-60)), step(-10)]));
    await insert('fired', view([step(-10, at(-10))]));
    await insert('just-now', view([step(-1)]));
    await insert('to-come', view([step(10)]));
    await insert('stands-still', view([step(-10)], { since: at(-20) }));
    await insert('called', { dueAt: null, stage: 'submitted', clock: null, whistle: { answerBy: at(-10) } });
    await insert('called-and-claimed', { dueAt: null, stage: 'claimed', clock: null, whistle: { answerBy: at(-10) } });
    const { overdueTimers } = await health();
    expect(overdueTimers?.first.map(({ entity }) => entity).sort()).toEqual(['called', 'late']);
  });

  it('counts notices that were refused or hang by their channel, of the last week, and none that was over a budget', async () => {
    const notices = new NoticeStore(store.db);
    const at = (daysAgo: number) => toShanghaiIso(Date.now() - daysAgo * 86_400_000);
    const settled = async (key: string, channel: 'email' | 'wecom' | 'sms', daysAgo: number, settlement: object) => {
      const base = { key, entity: 'n', aggregate: 'need', seq: 1, type: 'NeedSubmitted', recipient: actor('a'), urgent: false };
      const words = { language: 'zh-CN' as const, to: 'a', subject: 'S', text: 'T', link: null };
      await notices.insert([{ ...base, ...words, channel, at: at(daysAgo), sendAt: at(daysAgo) } as never]);
      await notices.claim([key], { id: key, untilMs: 1 });
      await notices.settle(key, settlement as never, at(daysAgo));
    };
    await settled('a', 'wecom', 0, { state: 'hanging', reason: 'ECONNRESET' });
    await settled('b', 'email', 6, { state: 'refused', reason: 'smtp 550' });
    await settled('c', 'email', 0, { state: 'refused', reason: 'smtp 550' });
    await settled('d', 'email', 8, { state: 'refused', reason: 'smtp 550' });
    await settled('e', 'sms', 0, { state: 'refused', reason: OVER_BUDGET });
    await settled('f', 'sms', 0, { state: 'sent', reference: null });
    expect((await health()).undelivered).toEqual({ refused: { email: 2 }, hanging: { wecom: 1 } });
    expect(await notices.retry('a', at(0))).toBe(true);
    expect((await health()).undelivered).toEqual({ refused: { email: 2 }, hanging: {} });
  });

  it('knows which processes live, and on which rules', async () => {
    const registry = new ProcessRegistry(store.db);
    await registry.ensureIndexes();
    const worker = registry.join({ name: 'worker', rules: { need: 1 }, metricsPort: 9_464 });
    const [row] = await eventually('a sign of life', async () => {
      const live = await registry.live();
      return live.length > 0 && live;
    });
    expect(row).toMatchObject({ name: 'worker', pid: process.pid, rules: { need: 1 }, metricsPort: 9_464 });
    expect(await registry.live(-1)).toEqual([]);
    await worker.leave();
    expect((await health()).processes).toEqual([]);
  });

  it('knows how far a group is behind, and how long its oldest message has lain there', async () => {
    const topic = `lag-${randomBytes(5).toString('hex')}`;
    const brokers = serversFromEnv().kafka.split(',');
    await createTopics([topic], 3);
    const bus = new KafkajsEventBus(brokers, 'test');
    const publisher = bus.publisher();
    const lag = new ConsumerLag(brokers, 'test-lag', { groups: [{ group: `${topic}.readers`, topic }] });
    const fresh = await eventually('brokers that have just begun to know the group', () => lag.read());
    expect(fresh).toEqual([{ group: `${topic}.readers`, topic, messages: 0, oldestSeconds: 0, foreign: [] }]);
    const others = new ConsumerLag(brokers, 'test-lag', { groups: [{ group: 'g', topic: 'gone' }], topics: [topic, 'gone'] });
    expect([await others.missingTopics(), await others.read()]).toEqual([['gone'], []]);
    await others.close();
    const sentMs = Date.now();
    await publisher.send(
      topic,
      [1, 2, 3].map((n) => ({ key: `k${n}`, value: 'x' })),
    );
    await eventually('the oldest to be three seconds old', async () => ((await lag.read())[0]?.oldestSeconds ?? 0) >= 3);
    const [behind] = await lag.read();
    expect(behind?.messages).toBe(3);
    expect(behind?.oldestSeconds).toBeLessThanOrEqual((Date.now() - sentMs) / 1_000 + 0.1);
    const reading = await bus.subscribe({ groupId: `${topic}.readers`, topics: [topic] }, () => Promise.resolve());
    await eventually('the group to have caught up', async () => (await lag.read())[0]?.messages === 0, 20_000);
    await reading.close();
    await publisher.close();
    await lag.close();
  }, 60_000);
});

describe('alarms', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let alarms: AlarmStore;
  const trouble = (id: string): Trouble => ({ id, kind: 'forked', subject: id, seq: 1, since: 's', why: 'w' });
  const toTell = async () => (await alarms.untold()).map(({ troubles }) => troubles.map(({ subject }) => subject));
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
    alarms = new AlarmStore(store.db);
  });
  afterAll(() => drop());

  it('are of what is new, together, until they are told; and again when it comes back after ten minutes', async () => {
    const nowMs = Date.now();
    await alarms.note([trouble('a'), trouble('b')], 't1');
    await alarms.note([trouble('a'), trouble('b')], 't2'); // a process that died before it told them, and another
    expect(await toTell()).toEqual([['a', 'b']]);
    for (const { id } of await alarms.untold()) await alarms.markTold(id);
    await alarms.note([trouble('a'), trouble('b'), trouble('c')], 't3');
    expect(await toTell()).toEqual([['c']]);
    for (const { id } of await alarms.untold()) await alarms.markTold(id);
    await alarms.noteGone(['b', 'c'], nowMs);
    await alarms.noteGone(['a', 'b'], nowMs + 60_000); // back after a minute: the same
    expect(await alarms.over(nowMs + 9 * 60_000, 't')).toBeNull();
    const over = await alarms.over(nowMs + 12 * 60_000, 't');
    expect(over).toEqual({ ids: ['c'], alarm: { id: expect.any(String), at: 't', troubles: [{ kind: 'forked', subject: 'c', seq: 1, why: 'w' }] } });
    expect(await alarms.over(nowMs + 12 * 60_000, 't')).toEqual(over); // a process that died before it was told, and another
    await alarms.forget(over?.ids ?? []);
    expect(await alarms.over(nowMs + 12 * 60_000, 't')).toBeNull();
    await alarms.note([trouble('a'), trouble('b'), trouble('c')], 't4');
    expect(await toTell()).toEqual([['c']]);
  });
});
