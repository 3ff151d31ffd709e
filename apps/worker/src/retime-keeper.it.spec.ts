import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RetimeRuns, TableStore } from '@qiyue/edge';
import { connectTemporal } from '@qiyue/platform';
import { CHINA_2024_2026 } from '@qiyue/calendar';
import { eventually, freshStore, serversFromEnv } from '@qiyue/testkit';
import { RetimeKeeper } from './retime-keeper';

let fresh: Awaited<ReturnType<typeof freshStore>>;
let temporal: ReturnType<typeof connectTemporal>;
beforeAll(async () => {
  fresh = await freshStore();
  temporal = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: serversFromEnv().temporal, QIYUE_TEMPORAL_NAMESPACE: 'default' });
});
afterAll(async () => {
  await temporal.client.workflow
    .getHandle('retime')
    .terminate('the test is over')
    .catch(() => undefined);
  await temporal.connection.close();
  await fresh.drop();
});

it('begins a re-timing again that somebody ended on its way, and no other', async () => {
  const tables = new TableStore(fresh.store.db);
  const runs = new RetimeRuns(temporal.client, `retime-${randomBytes(4).toString('hex')}`); // nobody works there: it stays on its way
  const keeper = new RetimeKeeper({ tables, runs, log: { warn: () => undefined } });
  const state = async () => (await temporal.client.workflow.getHandle('retime').describe()).status.name;
  expect(await keeper.look()).toBeNull(); // what is built in came to everybody
  const calendar = { ...CHINA_2024_2026, version: 'another' };
  const imported = await tables.import({ kind: 'calendar', document: calendar, at: '2026-07-01T08:00:00.000+08:00', by: 'test' });
  if (!imported.ok) throw new Error(imported.why);
  const { serial } = imported;
  await runs.start({ serial, importedAt: new Date().toISOString() });
  await tables.noteRetiming(serial); // as its first step does
  await eventually('it to run', async () => (await state()) === 'RUNNING');
  expect([await keeper.look(), await keeper.look()]).toEqual([null, null]);
  await temporal.client.workflow.getHandle('retime').terminate('by hand');
  await eventually('it to have ended', async () => (await state()) === 'TERMINATED');
  expect([await keeper.look(), await keeper.look()]).toEqual([null, serial]); // the first look may come between import and begin
  expect(await state()).toBe('RUNNING');
  await tables.noteFinished(serial);
  await temporal.client.workflow.getHandle('retime').terminate('by hand');
  expect([await keeper.look(), await keeper.look()]).toEqual([null, null]);
}, 60_000);
