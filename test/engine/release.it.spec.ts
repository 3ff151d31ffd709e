import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMAND_UPDATE_NAME, workflowIdOf } from '@qiyue/engine';
import { anyDecider, Incidents, verifyLedger, type Command, type GatewayAnswer } from '@qiyue/engine-runtime';
import { releaseFromLedger, type ReleaseDeps } from '@qiyue/audit';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const statusOf = (answer: GatewayAnswer): string => (answer.kind === 'outcome' ? answer.outcome.status : answer.kind);

describe('the way back from the ledger', () => {
  let bench: EngineBench;
  let deps: ReleaseDeps;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
    const { client, store, appender, taskQueue } = bench;
    deps = { client, store, appender, taskQueue, decider: anyDecider(loanDecider), tablesOf: () => Promise.resolve({}) };
  }, 60_000);
  afterAll(() => bench.close());

  const execute = (command: Command) => bench.gateway().execute(command, WAIT_MS);
  const lent = async (): Promise<string> => {
    const lend = commandFor(loanDecider, 'lend', { book: '山海经' });
    expect(statusOf(await execute(lend))).toBe('accepted');
    await eventually('in the ledger', async () => (await bench.store.stream(lend.entity)).length === 1);
    return lend.entity;
  };
  /** Answered, and appended by nobody yet. */
  const unappended = async (entity: string): Promise<string> => {
    const { aggregate: _a, starts: _s, ...envelope } = commandFor(loanDecider, 'renew', {}, { entity });
    await bench.client.workflow
      .getHandle(workflowIdOf('loan', entity))
      .executeUpdate(COMMAND_UPDATE_NAME, { updateId: envelope.commandId, args: [envelope] });
    return envelope.commandId;
  };

  it('goes on from the ledger, with what was answered and nobody had appended, and clears every mark', async () => {
    const entity = await lent();
    const answered = await unappended(entity);
    await bench.store.noteFork(entity, { seq: 1, why: 'other-hash', offeredHash: 'f' });
    const incidents = new Incidents(bench.db);
    await incidents.note({ kind: 'diverged', subject: entity, entity, why: 'replay-differs' });
    expect(await releaseFromLedger(deps, entity)).toEqual({ ok: true, seq: 2, appended: 1, dropped: [], became: 'running' });
    expect((await bench.store.stream(entity)).at(-1)).toMatchObject({ commandId: answered });
    expect(statusOf(await execute(commandFor(loanDecider, 'renew', {}, { entity })))).toBe('accepted');
    expect(await bench.store.forks.findOne({ _id: entity })).toBeNull();
    expect((await incidents.counts()).diverged).toBe(0);
    await eventually('the next record', async () => (await bench.store.stream(entity)).length === 3);
    expect(await verifyLedger(bench.store, { entity })).toMatchObject({ ok: true, records: 3 });
  }, 60_000);

  it('goes on where other code than today’s had folded the same records to another state', async () => {
    const entity = await lent();
    await eventually('the difference to be met', async () => {
      const { matchedCount } = await bench.store.commands.updateMany(
        { entity, digest: { $exists: true } },
        { $set: { 'digest.renewals': 'another' } },
      );
      expect(matchedCount).toBeGreaterThan(0);
      const answer = await execute(commandFor(loanDecider, 'renew', {}, { entity })); // a look that takes too long is not waited for
      return answer.kind === 'outcome' && answer.outcome.status === 'refused' && answer.outcome.refusal.code === 'diverged';
    });
    expect(await releaseFromLedger(deps, entity)).toMatchObject({ ok: true, became: 'running' });
    expect(statusOf(await execute(commandFor(loanDecider, 'renew', {}, { entity })))).toBe('accepted');
  }, 60_000);

  it('brings back one whose workflow somebody terminated', async () => {
    const entity = await lent();
    await bench.client.workflow.getHandle(workflowIdOf('loan', entity)).terminate('by hand');
    expect(await releaseFromLedger(deps, entity)).toMatchObject({ ok: true, became: 'running' });
    expect(statusOf(await execute(commandFor(loanDecider, 'bring-back', {}, { entity })))).toBe('accepted');
  }, 60_000);

  it('takes nothing from a ledger that contradicts itself, and knows what it never held', async () => {
    const entity = await lent();
    await bench.store.ledger.updateOne({ entity, seq: 1 }, { $set: { canonical: '{}' } });
    expect(await releaseFromLedger(deps, entity)).toMatchObject({ ok: false, why: 'ledger-unsound', finding: { seq: 1 } });
    expect(await releaseFromLedger(deps, '0'.repeat(26))).toEqual({ ok: false, why: 'no-such-entity' });
  }, 60_000);
});
