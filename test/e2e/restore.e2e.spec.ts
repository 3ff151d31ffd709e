import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { eventually, NEED_BODY, type Body } from '@qiyue/testkit';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const UP_MS = 120_000;

/** The runbook, step by step, with its own commands. */
describe('a restore as the runbook has it', () => {
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'qiyue-restore-'));
  });
  afterAll(async () => {
    await qiyue('down');
    rmSync(place, { recursive: true, force: true });
  }, UP_MS);

  const data = (): string => join(place, 'data');
  const copy = (): string => join(place, 'copy');
  const environment = (): NodeJS.ProcessEnv => {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('QIYUE_') || name === 'QIYUE_CACHE_DIR');
    return { ...Object.fromEntries(own), QIYUE_DATA_DIR: data() };
  };
  const qiyue = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> =>
    new Promise((done) =>
      execFile(process.execPath, [QIYUE, ...args], { env: environment(), maxBuffer: 10_000_000 }, (error, out) =>
        done({ code: error === null ? 0 : 1, out: out.trim() }),
      ),
    );
  const answer = async (...args: readonly string[]): Promise<Body> => JSON.parse((await qiyue(...args, '--json')).out) as Body;
  const up = async (): Promise<string> => {
    expect(await qiyue('up', '--detach')).toMatchObject({ code: 0 });
    return String((await answer('status'))['api']);
  };
  const submit = async (api: string, count: number): Promise<readonly string[]> => {
    const { out: token } = await qiyue('token', '--actor', 'ann', '--role', 'resident');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answers = Array.from({ length: count }, () => fetch(`${api}/v1/needs`, { method: 'POST', headers, body: JSON.stringify(NEED_BODY) }));
    return Promise.all((await Promise.all(answers)).map(async (each) => String(((await each.json()) as Body)['needId'])));
  };
  const withDb = async <T>(work: (db: ReturnType<MongoClient['db']>) => Promise<T>): Promise<T> => {
    const client = new MongoClient(String((await answer('status'))['mongodb']));
    try {
      return await work(client.db('qiyue'));
    } finally {
      await client.close();
    }
  };
  const published = (count: number) =>
    withDb((db) =>
      eventually(`${count} records on the topic`, async () => (await db.collection('relay').findOne({}))?.['publishedN'] === count, 30_000),
    );
  const findings = (verified: Body): readonly Body[] => verified['findings'] as readonly Body[];

  it('names what the copy lacks, signs nothing over it, is settled by an act, and signs what came since', async () => {
    const before = await up();
    await submit(before, 3);
    await published(3);
    expect(await answer('audit', 'checkpoint')).toMatchObject({ ok: true, n: 1, records: 3 });
    await qiyue('down');
    cpSync(data(), copy(), { recursive: true });

    const meanwhile = await up();
    const lost = await submit(meanwhile, 2);
    await published(5);
    expect(await answer('audit', 'checkpoint')).toMatchObject({ ok: true, n: 2, records: 5 });
    await qiyue('down');

    putBack();
    const after = await up();
    const [since] = await submit(after, 1);
    await published(4); // a place that was given once before
    const missing = findings(await answer('audit', 'verify')); // facts of the journals are among them
    expect(missing.every(({ kind }) => kind === 'missing')).toBe(true);
    expect(missing.map(({ stream }) => stream)).toEqual(expect.arrayContaining([...lost]));
    expect(await answer('audit', 'checkpoint')).toMatchObject({ ok: false, why: 'findings' });
    expect((await qiyue('audit', 'settle')).code).toBe(1); // it wants a reason
    expect(await answer('audit', 'settle', '--why', 'the disk of the second of July')).toMatchObject({ ok: true });
    expect(await answer('audit', 'verify', '--topic')).toMatchObject({ ok: true, records: 4, findings: [], checkpoint: { n: 3, records: 4 } });
    expect(await answer('audit', 'reconcile')).toMatchObject({ ok: true });

    // The place that was given twice is under the signature: without the topic, too, what stands there is missed.
    await withDb(async (db) => {
      await db.collection('ledger').deleteOne({ entity: since });
      await db.collection('feed').deleteOne({ entity: since });
    });
    expect(findings(await answer('audit', 'verify', '--no-topic'))).toMatchObject([{ stream: since, seq: 1, kind: 'missing' }]);
    expect(await answer('audit', 'restore', String(since), '--from-topic')).toMatchObject({ ok: true, restored: [1] });
    expect(await answer('audit', 'verify', '--topic')).toMatchObject({ ok: true, records: 4 });
    expect(await answer('audit', 'restore', String(since), '--from-topic')).toMatchObject({ ok: true, restored: [] });
    expect(await answer('projections', 'verify')).toMatchObject({ ok: true, differing: [] });
  }, 600_000); // three starts and a dozen commands: a minute alone, more on a busy machine

  /** All but the checkpoints, whose newest stay in place. */
  const putBack = (): void => {
    renameSync(join(data(), 'checkpoints'), join(place, 'newest'));
    rmSync(data(), { recursive: true });
    cpSync(copy(), data(), { recursive: true });
    rmSync(join(data(), 'checkpoints'), { recursive: true });
    renameSync(join(place, 'newest'), join(data(), 'checkpoints'));
    expect(readdirSync(join(data(), 'checkpoints'))).toContain('000000002.json');
  };
});
