import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { anyDecider, Incidents, type GatewayAnswer } from '@qiyue/engine-runtime';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const codeOf = (answer: GatewayAnswer): string =>
  answer.kind !== 'outcome' ? answer.kind : answer.outcome.status === 'accepted' ? 'accepted' : answer.outcome.refusal.code;

describe('a command for which nobody waits any more', () => {
  let bench: EngineBench;
  let broken: WorkflowBundleOption;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    broken = await bundleOf(require.resolve('../loan/broken-workflows'));
    await bench.startWorker();
  }, 60_000);
  afterAll(() => bench.close());

  const restart = async (bundle?: WorkflowBundleOption): Promise<void> => {
    await bench.stopWorker();
    await bench.startWorker(undefined, bundle);
  };
  const lent = async (): Promise<string> => {
    const lend = commandFor(loanDecider, 'lend', { book: '山海经' });
    expect(codeOf(await bench.gateway().execute(lend, WAIT_MS))).toBe('accepted');
    await eventually('in the ledger', async () => (await bench.store.stream(lend.entity)).length === 1);
    return lend.entity;
  };
  const renewal = (entity: string) => commandFor(loanDecider, 'renew', {}, { entity });

  it('takes no effect behind an answer that nothing was recorded, and may be sent again under the same id', async () => {
    const entity = await lent();
    await restart(broken);
    const command = renewal(entity);
    const gateway = bench.gateway({ incidents: new Incidents(bench.db) });
    expect(codeOf(await gateway.execute(command, 4_000))).toBe('diverged');
    await restart();
    expect(codeOf(await gateway.execute(renewal(entity), WAIT_MS))).toBe('accepted'); // behind the one that had waited
    await eventually('in the ledger', async () => (await bench.store.stream(entity)).length === 2);
    expect((await bench.store.stream(entity)).map(({ commandId }) => commandId)).not.toContain(command.commandId);
    expect(codeOf(await gateway.execute(command, WAIT_MS))).toBe('accepted');
    await eventually('in the ledger', async () => (await bench.store.stream(entity)).at(-1)?.commandId === command.commandId);
    expect(await bench.store.stream(entity)).toHaveLength(3);
  }, 60_000);

  it('is not one whose sender’s clock is an hour behind', async () => {
    const entity = await lent();
    const gateway = bench.gateway();
    const { now } = Date;
    const slow = jest.spyOn(Date, 'now').mockImplementation(() => now.call(Date) - 3_600_000);
    try {
      for (let times = 1; times <= 3; times += 1) expect(codeOf(await gateway.execute(renewal(entity), WAIT_MS))).toBe('accepted');
    } finally {
      slow.mockRestore();
    }
  }, 60_000);
});
