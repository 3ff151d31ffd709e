import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECKPOINT_TOPIC } from '@qiyue/audit';
import { connectTemporal } from '@qiyue/platform';
import { needsModel } from '@qiyue/need';
import { openRecord, sealRecord } from '@qiyue/engine';
import {
  ActiveModel,
  newSigningKey,
  openCheckpoint,
  toCloudEvent,
  toLedgerDocument,
  writeSigningKey,
  type LedgerDocument,
  type SignedCheckpoint,
} from '@qiyue/engine-runtime';
import { eventually, NEED_BODY, PEOPLE, startSystem, type Body, type System } from '@qiyue/testkit';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');

describe('evidence', () => {
  let system: System;
  let place: string;
  let needId: string;
  const key = newSigningKey();

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'qiyue-evidence-'));
    writeFileSync(join(place, 'key.pem'), writeSigningKey(key), { mode: 0o600 });
    mkdirSync(join(place, 'checkpoints'));
    system = await startSystem({ settings: { QIYUE_CHECKPOINTS: join(place, 'checkpoints'), QIYUE_CHECKPOINT_KEY: join(place, 'key.pem') } });
    const submitted = await Promise.all(Array.from({ length: 5 }, (_, n) => system.post('/v1/needs', PEOPLE.resident, NEED_BODY, `evidence-${n}`)));
    needId = String(submitted[0]?.body['needId']);
    expect((await system.post(`/v1/needs/${needId}/claim`, PEOPLE.department, { unit: PEOPLE.department.unit, plan: 'p' })).status).toBe(200);
    await eventually('the feed to hold all of it', async () => (await system.store.feed.countDocuments()) === 6);
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    rmSync(place, { recursive: true, force: true });
  });

  const checkpoints = (): readonly string[] => readdirSync(join(place, 'checkpoints')).filter((name) => name.startsWith('0'));
  const trigger = async (scheduleId: string): Promise<void> => {
    const { temporal } = system.servers;
    const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: temporal.address, QIYUE_TEMPORAL_NAMESPACE: temporal.namespace });
    try {
      await eventually('the schedule', async () =>
        client.schedule
          .getHandle(scheduleId)
          .trigger()
          .then(() => true),
      );
    } finally {
      await connection.close();
    }
  };
  const metric = async (): Promise<string | undefined> => {
    const text = await (await fetch(`${system.base}/metrics`)).text();
    return /^qiyue_audit_findings (\d+)$/m.exec(text)?.[1];
  };
  /** The command line against this system's servers. */
  const qiyue = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> => {
    const { mongodbUri, mongodbDatabase, kafkaBrokers } = system.servers;
    const env = {
      ...process.env,
      ...{ QIYUE_MONGODB_URI: mongodbUri, QIYUE_MONGODB_DATABASE: mongodbDatabase, QIYUE_KAFKA_BROKERS: kafkaBrokers },
      ...{ QIYUE_CHECKPOINTS: join(place, 'checkpoints'), QIYUE_CHECKPOINT_KEY: join(place, 'key.pem'), QIYUE_DATA_DIR: join(place, 'data') },
    };
    return new Promise((done) => execFile(process.execPath, [QIYUE, ...args], { env }, (error, out) => done({ code: error === null ? 0 : 1, out })));
  };
  const answerOf = async (...args: readonly string[]): Promise<Body> => JSON.parse((await qiyue(...args, '--json')).out) as Body;

  it('is signed by a schedule of Temporal’s, kept in the folder and on the topic', async () => {
    await trigger('qiyue-checkpoints');
    await eventually('the first checkpoint', () => checkpoints().length === 1);
    expect(readdirSync(join(place, 'checkpoints', 'audit'))).toContain('trusted-key.json');
    const signed = JSON.parse(readFileSync(join(place, 'checkpoints', '000000001.json'), 'utf8')) as SignedCheckpoint;
    expect(openCheckpoint(signed)).toMatchObject({ n: 1, records: 6, streams: 5, keyId: key.public.keyId });
    const copy = await eventually('its copy', async () => (await system.kafka.readAll(CHECKPOINT_TOPIC)).find(({ key: n }) => n === '1'));
    expect(JSON.parse(copy.value ?? '')).toEqual(signed);
  });

  it('is verified at night; what was found is in the metrics', async () => {
    expect(await metric()).toBeUndefined();
    await trigger('qiyue-verification');
    await eventually('the result', async () => (await metric()) === '0');
  });

  it('finds at night what was edited in the read model, and names it by hand', async () => {
    const served = await new ActiveModel(system.store.db, needsModel).collection();
    const before = await eventually('the need to be shown', () => served.findOne({ _id: needId, seq: 2 }));
    await served.updateOne({ _id: needId }, { $set: { 'view.title': 'forged' } });
    expect(await answerOf('projections', 'verify')).toMatchObject({ ok: false, differing: [{ entity: needId, seq: 2, why: 'other' }] });
    await trigger('qiyue-verification');
    await eventually('the finding', async () => (await metric()) === '1', 30_000);
    await served.replaceOne({ _id: needId }, before);
    expect(await answerOf('projections', 'verify')).toMatchObject({ ok: true, compared: 5 });
    await trigger('qiyue-verification');
    await eventually('it to be gone', async () => (await metric()) === '0', 30_000);
  });

  it('goes with one need to somebody without the system', async () => {
    const file = join(place, 'need.json');
    expect((await qiyue('audit', 'export', '--entity', needId, '--out', file)).code).toBe(0);
    expect(await answerOf('audit', 'verify', '--bundle', file, '--trust', key.public.keyId)).toMatchObject({
      ok: true,
      records: 2,
      coveredRecords: 2,
    });
    expect(await answerOf('audit', 'verify', '--bundle', file, '--trust', newSigningKey().public.keyId)).toMatchObject({ ok: false });
    writeFileSync(file, readFileSync(file, 'utf8').replace('NeedClaimed', 'NeedClaimee'));
    expect(await answerOf('audit', 'verify', '--bundle', file)).toMatchObject({ ok: false, findings: [{ stream: needId, seq: 2 }] });
  });

  it('is made on demand, and covers what came since', async () => {
    expect((await system.post(`/v1/needs/${needId}/fund`, PEOPLE.department, { amountFen: 1, source: 'donation', reference: 'r' })).status).toBe(200);
    await eventually('the feed', async () => (await system.store.feed.countDocuments()) === 7);
    expect(await answerOf('audit', 'checkpoint')).toMatchObject({ ok: true, n: 2, records: 7, published: true });
    expect(await answerOf('audit', 'verify', '--topic')).toMatchObject({
      ok: true,
      records: 7,
      findings: [],
      checkpoint: { n: 2, records: 7 },
      copies: 7,
    });
    expect(await answerOf('audit', 'verify', '--from', '1')).toMatchObject({ ok: true, records: 1 });
    expect((await qiyue('audit', 'verify', '--from', '9')).code).toBe(1);
    expect(await answerOf('audit', 'verify', '--no-topic')).toMatchObject({ ok: true, copies: null });
  });

  it('tells a supervisor who asked for what and what became of it, and what changed between two moments', async () => {
    const late = await system.post(`/v1/needs/${needId}/claim`, PEOPLE.department, { unit: PEOPLE.department.unit, plan: 'again' });
    expect([late.status, late.body['code']]).toEqual([409, 'wrong-stage']);
    const query = `/v1/audit/commands?needId=${needId}&actor=${PEOPLE.department.actor}`;
    const rows = await eventually('the trail', async () => {
      const { body } = await system.get(query, PEOPLE.supervisor);
      const items = body['items'] as readonly Body[];
      return items.length === 3 && items;
    });
    expect(rows.map(({ command, outcome, code }) => [command, outcome, code])).toEqual([
      ['claim', 'refused', 'wrong-stage'],
      ['fund', 'accepted', null],
      ['claim', 'accepted', null],
    ]);
    expect((await system.get(query, PEOPLE.department)).status).toBe(403);
    expect((await system.get('/v1/audit/commands?outcome=lost', PEOPLE.supervisor)).status).toBe(422);
    const { body } = await system.get(`/v1/needs/${needId}/changes?from=1&to=2`, PEOPLE.supervisor);
    expect(body['changes']).toEqual(
      expect.arrayContaining([
        { path: 'stage', before: 'submitted', after: 'claimed' },
        { path: 'unit', before: null, after: PEOPLE.department.unit },
      ]),
    );
    expect((await system.get(`/v1/needs/${needId}/changes?from=1&to=99`, PEOPLE.supervisor)).status).toBe(404);
  });

  it('covers the journals too: what was refused and taken away is under checkpoints of its own', async () => {
    expect((await answerOf('audit', 'verify'))['audit']).toMatchObject({ records: expect.any(Number) });
    await eventually('the facts, each of which comes on its own', async () => {
      const { body } = await system.get('/v1/audit/facts?limit=100', PEOPLE.supervisor);
      const types = new Set((body['items'] as readonly Body[]).map(({ type }) => type));
      return ['JournalOpened', 'Exported', 'OperatorActed', 'CommandRefused', 'AccessDenied'].every((type) => types.has(type));
    });
    const victim = await system.store.db.collection('auditLedger').findOneAndDelete({ type: 'Exported' });
    const found = await answerOf('audit', 'verify');
    expect(found).toMatchObject({ ok: false, findings: [{ stream: victim?.['entity'] }] });
    if (victim !== null) await system.store.db.collection('auditLedger').insertOne(victim);
  });

  it('shows an end that was cut off from ledger and feed alike, at once and at night', async () => {
    const [record, row] = [
      await system.store.ledger.findOne({ entity: needId, seq: 3 }),
      await system.store.feed.findOne({ entity: needId, seq: 3 }),
    ];
    await system.store.ledger.deleteOne({ entity: needId, seq: 3 });
    await system.store.feed.deleteOne({ entity: needId, seq: 3 });
    const found = { stream: needId, seq: 3, kind: 'missing' };
    expect(await answerOf('audit', 'verify')).toMatchObject({ ok: false, findings: [found] });
    expect(await answerOf('audit', 'verify', '--topic')).toMatchObject({ ok: false, findings: [found] });
    await trigger('qiyue-verification');
    await eventually('the alarm', async () => (await metric()) === '1');
    const told = await eventually('supervisors to be told', async () => {
      const { body } = await system.get('/v1/inbox', PEOPLE.supervisor);
      return (body['items'] as readonly Body[]).find((item) => item['type'] === 'LedgerAlarm' && item['needId'] === needId && item['seq'] === 3);
    });
    expect(told).toMatchObject({ urgent: true, text: expect.stringContaining(needId) });
    if (record !== null && row !== null) await Promise.all([system.store.ledger.insertOne(record), system.store.feed.insertOne(row)]);
    expect(await answerOf('audit', 'verify')).toMatchObject({ ok: true });
  });

  it('is compared with the topic all the time: what somebody else wrote there is counted, and nobody is shown it', async () => {
    const figure = async (name: string): Promise<number> => {
      const text = await (await fetch(`${system.base}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
    };
    await eventually(
      'all of it to be met',
      async () => (await figure('qiyue_topic_compared_seconds')) >= 0 && (await figure('qiyue_topic_lag_records')) === 0,
      30_000,
    );
    expect([await figure('qiyue_topic_holes'), await figure('qiyue_topic_differing')]).toEqual([0, 0]);
    const last = (await system.store.stream(needId)).at(-1) as LedgerDocument;
    const forged = sealRecord({ ...openRecord(last), seq: last.seq + 1, prevHash: last.hash, commandId: 'nobody' });
    await system.kafka.sendRaw('qiyue.need.events', needId, JSON.stringify(toCloudEvent(toLedgerDocument(forged))));
    await eventually('it to be counted', async () => (await figure('qiyue_topic_differing')) === 1, 30_000);
    await eventually(
      'a dead letter',
      () => system.store.db.collection('deadLetters').findOne({ reason: 'the ledger does not hold this record' }),
      30_000,
    );
    expect((await system.get(`/v1/needs/${needId}`, PEOPLE.supervisor)).body).toMatchObject({ seq: last.seq });
  });
});
