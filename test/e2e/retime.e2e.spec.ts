import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RetimeRuns, TableStore } from '@qiyue/edge';
import { connectTemporal } from '@qiyue/platform';
import { addWorkingDays, CHINA_2024_2026, compileTable, dateOf } from '@qiyue/calendar';
import type { PolicyDocument } from '@qiyue/civic-domain';
import { plusMs, toShanghaiIso } from '@qiyue/engine';
import { PEOPLE, eventually, startSystem, type Body, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const NEEDS = 60;
const { supervisor } = PEOPLE;

/** The built-in calendar as if the years went on, so that this test does not depend on the day it runs on. */
const ENDLESS = { ...CHINA_2024_2026, version: 'endless-1', covers: { from: '2024-01-01', to: '2032-12-31' } };

describe('another calendar on a running system', () => {
  let system: System;
  let steps: Steps;
  let store: TableStore;
  let runs: RetimeRuns;
  let closeTemporal: () => Promise<void>;
  const place = mkdtempSync(join(tmpdir(), 'qiyue-retime-'));
  beforeAll(async () => {
    system = await startSystem();
    steps = new Steps(system);
    store = new TableStore(system.store.db);
    const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: system.servers.temporal.address, QIYUE_TEMPORAL_NAMESPACE: 'default' });
    runs = new RetimeRuns(client);
    closeTemporal = () => connection.close();
  }, 120_000);
  afterAll(async () => {
    await closeTemporal?.();
    await system?.stop();
    rmSync(place, { recursive: true, force: true });
  }, 60_000);

  const bring = async (document: typeof ENDLESS): Promise<number> => {
    const at = toShanghaiIso(Date.now());
    const imported = await store.import({ kind: 'calendar', document, at, by: 'operator-1' });
    if (!imported.ok) throw new Error(imported.why);
    await runs.start({ serial: imported.serial, importedAt: at });
    return imported.serial;
  };
  const finished = (serial: number) =>
    eventually(
      `the end of ${serial}`,
      async () => {
        const progress = await runs.progress();
        return progress?.serial === serial && progress.state === 'finished' && progress;
      },
      90_000,
    );

  it('moves every running deadline once, also when the worker is killed in the middle, and nothing twice', async () => {
    await finished(await bring(ENDLESS));
    await eventually('the API to hold the new calendar', async () => {
      const { body } = await system.request('GET', '/health/ready');
      return (body['deadlines'] as Body | null)?.['calendar'] === 'endless-1';
    });
    const needs = await Promise.all(Array.from({ length: NEEDS }, () => steps.submit()));
    const [first = ''] = needs;
    const due = String((await steps.seen(first, 1))['dueAt']);
    await eventually('all needs in the read model', async () => (await steps.stageCounts())['total'] === NEEDS);

    const serial = await bring({ ...ENDLESS, version: 'endless-2', holidays: [...ENDLESS.holidays, { date: due.slice(0, 10), name: '县庆' }] });
    await eventually('the first to have moved', () => system.store.ledger.findOne({ type: 'DeadlineMoved' }));
    await system.process('worker').kill('SIGKILL');
    await system.app('worker').restart();
    expect(await finished(serial)).toMatchObject({ total: NEEDS, done: NEEDS, moved: NEEDS, failed: [] });

    const moved = await system.store.ledger.find({ type: 'DeadlineMoved' }).toArray();
    expect(moved.map(({ entity }) => entity).sort()).toEqual(needs.slice().sort());
    const { data } = (await steps.historyOf(first)).at(-1) as { readonly data: Body };
    const next = addWorkingDays(compileTable(ENDLESS), due.slice(0, 10), 1);
    expect(data).toMatchObject({ cause: 'calendar', stage: 'submitted', oldDueAt: due, deadline: { calendar: 'endless-2' } });
    expect(dateOf(String(data['dueAt']))).toEqual(next);

    await runs.start({ serial, importedAt: plusMs(toShanghaiIso(Date.now()), 0) });
    await finished(serial);
    expect(await system.store.ledger.countDocuments({ type: 'DeadlineMoved' })).toBe(NEEDS);
    const { body } = await system.get('/v1/deadlines?limit=100', supervisor);
    expect((body['items'] as readonly Body[]).every(({ dueAt }) => dueAt === data['dueAt'])).toBe(true);
  }, 180_000);

  /** What `policy import` answers of this policy, which it is given as a file; there is no terminal. */
  const importPolicy = async (policy: PolicyDocument, ...args: readonly string[]) => {
    const file = join(place, 'policy.json');
    writeFileSync(file, JSON.stringify(policy));
    const { mongodbUri, mongodbDatabase, temporal } = system.servers;
    const env = {
      ...{ ...process.env, QIYUE_MONGODB_URI: mongodbUri, QIYUE_MONGODB_DATABASE: mongodbDatabase, QIYUE_DATA_DIR: join(place, 'data') },
      ...{ QIYUE_TEMPORAL_ADDRESS: temporal.address, QIYUE_TEMPORAL_NAMESPACE: temporal.namespace },
    };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [QIYUE, 'policy', 'import', file, '--json', '--lang', 'en', ...args], {
      env,
    });
    return { answer: JSON.parse(stdout) as Readonly<Record<string, Body>>, said: stderr };
  };

  it('says before a policy is imported how many deadlines end earlier, which is what is counted of it afterwards', async () => {
    const { documents } = await store.current();
    const deadlines = documents.policy.deadlines.map((rule) => (rule.stage === 'submitted' ? { ...rule, within: { workingDays: 1 } } : rule));
    const policy = { ...documents.policy, version: 'shorter-1', deadlines };
    await steps.submit();
    const open = await eventually('all needs in the read model', async () => {
      const submitted = await system.store.ledger.countDocuments({ type: 'NeedSubmitted' });
      return (await steps.stageCounts())['total'] === submitted && submitted;
    });
    const before = await system.store.ledger.countDocuments({});
    const { answer } = await importPolicy(policy, '--dry-run');
    const forecast = { open, moved: open, shorter: open, shorterBy: [{ aggregate: 'need', stage: 'submitted', count: open }], unknown: 0 };
    expect(answer).toEqual({ version: 'shorter-1', forecast });
    expect([await store.find('policy', 'shorter-1'), await system.store.ledger.countDocuments({})]).toEqual([null, before]);

    const imported = await importPolicy(policy);
    expect(imported.said).toContain(`${open} open entities: ${open} deadlines would move, ${open} of them to an earlier date`);
    expect(imported.answer['retime']).toMatchObject({ moved: open, shorter: open, failed: [], state: 'finished' });
  }, 120_000);

  it('refuses another content under a version that is known, and keeps both of two imports at once', async () => {
    const other = { ...ENDLESS, name: 'another name' };
    expect(await store.import({ kind: 'calendar', document: other, at: toShanghaiIso(Date.now()), by: 'o' })).toEqual({
      ok: false,
      why: 'version-taken',
    });
    const { documents } = await store.current();
    const policy = { ...documents.policy, version: 'two-at-once' };
    const calendar = { ...ENDLESS, version: 'two-at-once' };
    await Promise.all([
      store.import({ kind: 'calendar', document: calendar, at: toShanghaiIso(Date.now()), by: 'a' }),
      store.import({ kind: 'policy', document: policy, at: toShanghaiIso(Date.now()), by: 'b' }),
    ]);
    const now = await store.current();
    expect([now.documents.calendar.version, now.documents.policy.version]).toEqual(['two-at-once', 'two-at-once']);
  });
});
