import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowIdOf, type Outcome } from '@qiyue/engine';
import { anyDecider, type Command } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';
import { startSkippingTemporal, type SkippingTemporal } from './skipping-temporal';

const WAIT_MS = 30_000;
/** Longer than a run stays alive in which nothing was accepted. */
const LINGER_MS = 61_000;

/** The real shell on a Temporal whose clock jumps, so that nobody waits for the minute that such a run lives. */
describe('a run in which no command is accepted', () => {
  let temporal: SkippingTemporal;
  let bench: EngineBench;
  beforeAll(async () => {
    temporal = await startSkippingTemporal();
    const bundle = await bundleOf(require.resolve('../loan/workflows'));
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle, temporal: temporal.address });
    await bench.startWorker();
  }, 180_000);
  afterAll(async () => {
    await bench?.close();
    await temporal?.stop();
  });

  const outcomeOf = async (command: Command): Promise<Outcome> => {
    const answer = await bench.gateway().execute(command, WAIT_MS);
    if (answer.kind !== 'outcome') throw new Error(`no outcome: ${answer.kind}`);
    return answer.outcome;
  };

  it('ends a run whose submit was refused, and lets the next one start', async () => {
    const refused = commandFor(loanDecider, 'lend', { book: '' });
    expect(await outcomeOf(refused)).toMatchObject({ status: 'refused', refusal: { code: 'no-book' } });
    expect(await outcomeOf(refused)).toMatchObject({ status: 'refused', refusal: { code: 'no-book' } });
    const handle = bench.client.workflow.getHandle(workflowIdOf('loan', refused.entity));
    await temporal.pass(LINGER_MS);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'NeverSubmitted' } });
    expect(await outcomeOf(refused)).toMatchObject({ status: 'refused', refusal: { code: 'no-book' } });
  }, 90_000);
});
