import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entityLedgerOf, restoreOutcomes, verifyEvidence, type RestoreOutcomesDeps } from '@qiyue/audit';
import { anyDecider, verifyLedger, type Command, type CommandDocument, type Finding } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench, eventually, freshStore } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const LATER_MS = 3_600_000;

describe('outcomes of commands that somebody changed in the database', () => {
  let bench: EngineBench;
  let deps: RestoreOutcomesDeps;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-outcomes-'));
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
    deps = { store: bench.store, decider: anyDecider(loanDecider), maySayNothing: () => false, record: () => Promise.resolve() };
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const execute = (command: Command) => bench.gateway().execute(command, WAIT_MS);
  /** Lent and renewed, of which the ledger has two records and the database two rows. */
  const loan = async (): Promise<{ readonly entity: string; readonly renew: Command }> => {
    const lend = commandFor(loanDecider, 'lend', { book: '山海经' });
    await execute(lend);
    const renew = commandFor(loanDecider, 'renew', {}, { entity: lend.entity });
    await execute(renew);
    await eventually('two rows', async () => (await bench.store.commands.countDocuments({ entity: lend.entity, state: 'accepted' })) === 2);
    await eventually('two records', async () => (await bench.store.stream(lend.entity)).length === 2);
    return { entity: lend.entity, renew };
  };
  const findings = async (entity: string): Promise<readonly Finding[]> =>
    (await verifyLedger(bench.store, { entity, outcomes: { nowMs: () => Date.now() + LATER_MS } })).findings;
  const places = async (entity: string) => (await findings(entity)).map(({ kind, seq }) => [kind, seq]);
  const rowOf = (id: string) => bench.store.commands.findOne({ _id: id });

  it('are no finding while they say what the records say, to the verification by hand and at night', async () => {
    const { entity } = await loan();
    expect(await findings(entity)).toEqual([]);
    expect(
      (await verifyEvidence(entityLedgerOf(bench.db, folder, [{ decider: anyDecider(loanDecider), commands: {} }]), null, { entity })).findings,
    ).toEqual([]);
  }, 60_000);

  it('are named by the verification by hand and at night, though nothing is wrong with the records', async () => {
    const { entity, renew } = await loan();
    await bench.store.commands.updateOne({ _id: renew.commandId }, { $set: { 'outcome.seq': 1 } as never });
    const { ok, findings: found } = await verifyEvidence(
      entityLedgerOf(bench.db, folder, [{ decider: anyDecider(loanDecider), commands: {} }]),
      null,
      { entity },
    );
    expect([ok, found.map(({ stream, seq, kind }) => [stream, seq, kind])]).toEqual([false, [[entity, 1, 'outcome']]]);
  }, 60_000);

  it.each<[string, Partial<Record<string, unknown>>, readonly (readonly [string, number])[]]>([
    [
      'another seq',
      { 'outcome.seq': 1 },
      [
        ['outcome', 1],
        ['outcome', 2],
      ],
    ],
    [
      'a seq that there is not',
      { 'outcome.seq': 9 },
      [
        ['outcome', 2],
        ['outcome', 9],
      ],
    ],
    ['a refusal', { state: 'refused', 'outcome.status': 'refused' }, [['outcome', 2]]],
    ['a state that is not that of the outcome', { state: 'refused' }, [['outcome', 2]]],
    ['another entity in the outcome', { 'outcome.entity': 'other' }, [['outcome', 2]]],
  ])(
    'are found, and written anew out of the records: %s',
    async (_, change, expected) => {
      const { entity, renew } = await loan();
      const before = await rowOf(renew.commandId);
      await bench.store.commands.updateOne({ _id: renew.commandId }, { $set: change as never });
      expect(await places(entity)).toEqual(expected);
      expect(await restoreOutcomes(deps, entity, { dryRun: true })).toEqual({ ok: true, written: [renew.commandId], removed: [] });
      expect(await restoreOutcomes(deps, entity)).toEqual({ ok: true, written: [renew.commandId], removed: [] });
      expect(await findings(entity)).toEqual([]);
      expect(await rowOf(renew.commandId)).toEqual({ ...before, notedAt: expect.any(Date) });
      expect(await bench.db.collection('commandsDamaged').countDocuments({ entity })).toBe(1);
      expect(await restoreOutcomes(deps, entity)).toEqual({ ok: true, written: [], removed: [] });
    },
    60_000,
  );

  it('stay a refusal where the state alone was changed', async () => {
    const { entity } = await loan();
    const bad = commandFor(loanDecider, 'lend', { book: '山海经' }, { entity });
    await execute(bad);
    await eventually('its row', async () => (await rowOf(bad.commandId))?.state === 'refused');
    const before = await rowOf(bad.commandId);
    await bench.store.commands.updateOne({ _id: bad.commandId }, { $set: { state: 'accepted' } });
    expect(await places(entity)).toEqual([['outcome', 2]]);
    expect(await restoreOutcomes(deps, entity)).toEqual({ ok: true, written: [bad.commandId], removed: [] });
    expect([await rowOf(bad.commandId), await findings(entity)]).toEqual([before, []]);
  }, 60_000);

  it('are found when a row is gone, and what is written then answers nobody with it', async () => {
    const { entity, renew } = await loan();
    await bench.store.commands.deleteOne({ _id: renew.commandId });
    expect(await places(entity)).toEqual([['outcome', 2]]);
    await restoreOutcomes(deps, entity);
    expect(await findings(entity)).toEqual([]);
    expect(await rowOf(renew.commandId)).toMatchObject({ state: 'accepted', fingerprint: 'unknown', outcome: { seq: 2 } });
  }, 60_000);

  it('are found in a row that somebody added, also of an entity that there is not, and taken out', async () => {
    const { entity, renew } = await loan();
    const row = (await rowOf(renew.commandId)) as CommandDocument;
    await bench.store.commands.insertOne({ ...row, _id: `added-${entity}` });
    expect(await places(entity)).toEqual([['outcome', 2]]);
    expect(await restoreOutcomes(deps, entity)).toEqual({ ok: true, written: [], removed: [`added-${entity}`] });
    expect(await findings(entity)).toEqual([]);
    const nowhere = `no-${entity}`;
    const outcome = { ...row.outcome, entity: nowhere } as NonNullable<CommandDocument['outcome']>;
    await bench.store.commands.insertOne({ ...row, _id: nowhere, entity: nowhere, outcome });
    expect(await places(nowhere)).toEqual([['outcome', 2]]);
    expect(await restoreOutcomes(deps, nowhere)).toMatchObject({ removed: [nowhere] });
  }, 60_000);

  it('are let be while the append is under way: ten minutes for the one to come behind the other', async () => {
    const { store, drop } = await freshStore();
    try {
      const { entity, renew } = await loan();
      const [records, row] = [await bench.store.stream(entity), (await rowOf(renew.commandId)) as CommandDocument];
      const found = async (nowMs: number) => (await verifyLedger(store, { outcomes: { nowMs: () => nowMs } })).findings.length;
      await store.ledger.insertMany([...records]);
      const recordedMs = Date.parse(records[1]?.time ?? '');
      expect([await found(recordedMs + 599_000), await found(recordedMs + LATER_MS)]).toEqual([0, 2]);
      await store.ledger.deleteMany({});
      await store.commands.insertOne(row);
      const notedMs = row.notedAt.getTime();
      expect([await found(notedMs + 599_000), await found(notedMs + LATER_MS), await found(notedMs - LATER_MS)]).toEqual([0, 1, 1]);
    } finally {
      await drop();
    }
  }, 60_000);
});
