import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectTemporal } from '@qiyue/platform';
import { eventually, NEED_BODY, PEOPLE, startSystem, type Body, type System } from '@qiyue/testkit';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');

describe('reconciliation of the whole system', () => {
  let system: System;
  let place: string;
  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'qiyue-reconcile-'));
    system = await startSystem();
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    rmSync(place, { recursive: true, force: true });
  });

  const reconcile = async (...args: readonly string[]): Promise<Body & { readonly code: number }> => {
    const { mongodbUri, mongodbDatabase, kafkaBrokers, temporal } = system.servers;
    const env = {
      ...process.env,
      ...{ QIYUE_MONGODB_URI: mongodbUri, QIYUE_MONGODB_DATABASE: mongodbDatabase, QIYUE_KAFKA_BROKERS: kafkaBrokers },
      ...{ QIYUE_TEMPORAL_ADDRESS: temporal.address, QIYUE_TEMPORAL_NAMESPACE: temporal.namespace, QIYUE_DATA_DIR: join(place, 'data') },
    };
    const { code, out } = await new Promise<{ code: number; out: string }>((done) =>
      execFile(process.execPath, [QIYUE, 'audit', 'reconcile', '--json', ...args], { env }, (error, stdout) =>
        done({ code: error === null ? 0 : 1, out: stdout }),
      ),
    );
    return { ...(JSON.parse(out) as Body), code };
  };
  const terminate = async (needId: string): Promise<void> => {
    const { address, namespace } = system.servers.temporal;
    const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: address, QIYUE_TEMPORAL_NAMESPACE: namespace });
    await client.workflow.getHandle(`need-${needId}`).terminate('by hand');
    await connection.close();
  };
  const submitted = async (): Promise<string> => String((await system.post('/v1/needs', PEOPLE.resident, NEED_BODY)).body['needId']);
  const claim = (needId: string) => system.post(`/v1/needs/${needId}/claim`, PEOPLE.department, { unit: PEOPLE.department.unit, plan: 'p' });

  it('finds nothing in a system that nobody has touched', async () => {
    await submitted();
    expect(await reconcile()).toMatchObject({ ok: true, code: 0, entities: 1, findings: [] });
  });

  it('brings a need back whose workflow somebody terminated; it goes on with the next seq, on its calendar and policy', async () => {
    const needId = await submitted();
    await terminate(needId);
    expect(await claim(needId)).toMatchObject({ status: 503, body: { code: 'lost' } });
    expect(await reconcile('--dry-run')).toMatchObject({ ok: false, code: 1, findings: [{ stream: needId, kind: 'stopped', done: null }] });
    expect(await reconcile()).toMatchObject({ ok: false, code: 0, findings: [{ stream: needId, kind: 'stopped', done: 'restarted' }] });
    expect(await claim(needId)).toMatchObject({ status: 200, body: { seq: 2, stage: 'claimed' } });
    const view = await eventually('the read model', async () => {
      const { body } = await system.get(`/v1/needs/${needId}?minSeq=2`, PEOPLE.department);
      return body['stage'] === 'claimed' && body;
    });
    expect(view['deadlines']).toMatchObject({ fundBy: expect.any(String) });
    expect(await reconcile()).toMatchObject({ ok: true, findings: [] });
  });

  it('names what was acknowledged and is nowhere any more, when Temporal went before the ledger had it', async () => {
    const needId = await submitted();
    await system.app('api').restart(); // so that it has to look before it inserts
    await system.process('mongodb').kill('SIGSTOP');
    const acknowledged = await claim(needId);
    expect(acknowledged).toMatchObject({ status: 200, body: { seq: 2 } });
    await Promise.all([system.app('worker').kill(), system.app('api').kill()]); // before either has flushed it
    await system.process('mongodb').kill('SIGCONT');
    await forgetTemporal(needId);
    const found = await reconcile();
    expect(found).toMatchObject({ ok: false, code: 1 });
    expect(found['findings']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ stream: needId, kind: 'gone', done: 'restarted' }),
        expect.objectContaining({ stream: needId, seq: 2, kind: 'lost', done: null }),
      ]),
    );
    await Promise.all([system.app('worker').restart(), system.app('api').restart()]);
    expect(await claim(needId)).toMatchObject({ status: 200, body: { seq: 2 } });
  }, 180_000);

  it('brings every need back when all of Temporal’s data are gone, to the last record that was flushed', async () => {
    const before = await system.store.ledger.find().sort({ _id: 1 }).toArray();
    await system.process('temporal').stop();
    for (const name of readdirSync(join(system.dataDir, 'temporal')))
      if (name.startsWith('temporal.db')) rmSync(join(system.dataDir, 'temporal', name));
    await system.process('temporal').restart();
    const living = new Set(before.map(({ entity }) => entity));
    const found = await reconcile();
    expect(
      new Set((found['findings'] as readonly Body[]).filter(({ kind, done }) => kind === 'gone' && done === 'restarted').map(({ stream }) => stream)),
    ).toEqual(living);
    expect(await system.store.ledger.find().sort({ _id: 1 }).toArray()).toEqual(before);
    for (const needId of living) {
      const seq = Math.max(...before.filter(({ entity }) => entity === needId).map(({ seq: at }) => at));
      const inspected = await system.post(`/v1/needs/${needId}/pause`, PEOPLE.community, { waitingFor: 'w' });
      const claimed = inspected.status === 200 ? inspected : await claim(needId);
      expect(claimed).toMatchObject({ status: 200, body: { seq: seq + 1 } });
    }
  }, 180_000);

  const forgetTemporal = async (needId: string): Promise<void> => {
    const { address, namespace } = system.servers.temporal;
    const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: address, QIYUE_TEMPORAL_NAMESPACE: namespace });
    const workflowId = `need-${needId}`;
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    const isGone = () =>
      client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        );
    await eventually('Temporal to have forgotten it', isGone, 60_000);
    await connection.close();
  };
});
