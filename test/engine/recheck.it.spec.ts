import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowIdOf, workflowTypeOf } from '@qiyue/engine';
import { anyDecider, Incidents, recheckEntities } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const newEntity = (): string => randomBytes(13).toString('hex').slice(0, 26);

describe('the look at entities that stood aside', () => {
  let bench: EngineBench;
  let incidents: Incidents;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
    incidents = new Incidents(bench.db);
  }, 60_000);
  afterAll(() => bench.close());

  const recheck = () => recheckEntities({ client: bench.client, store: bench.store, incidents, aggregates: ['loan'] });
  const subjects = async () => (await incidents.list()).map(({ subject }) => subject);
  const note = (entity: string) => incidents.note({ kind: 'rules-unknown', subject: entity, entity, why: 'rules-unknown' });

  it('clears what agrees with the ledger', async () => {
    const lent = commandFor(loanDecider, 'lend', { book: '山海经' });
    await bench.gateway().execute(lent, WAIT_MS);
    for (const kind of ['diverged', 'append-stuck'] as const) await incidents.note({ kind, subject: lent.entity, why: 'w' });
    await eventually('it to agree', async () => (await recheck()) === 1);
    expect(await subjects()).toEqual([]);
  });

  it('clears what never came to be, once no run of it is open', async () => {
    const [neverBegun, begun] = [newEntity(), newEntity()];
    const { taskQueue } = bench;
    const handle = await bench.client.workflow.start(workflowTypeOf('loan'), { workflowId: workflowIdOf('loan', begun), taskQueue, args: [null] });
    await note(neverBegun);
    await note(begun);
    expect(await recheck()).toBe(1);
    expect(await subjects()).toEqual([begun]);
    await handle.terminate();
    await eventually('it to be cleared', async () => (await recheck()) === 1);
    expect(await subjects()).toEqual([]);
  });

  it('leaves what the ledger has and no run holds: somebody has to look', async () => {
    const lent = commandFor(loanDecider, 'lend', { book: '水经注' });
    const answer = await bench.gateway().execute(lent, WAIT_MS);
    if (answer.kind === 'outcome') await answer.appended;
    await bench.client.workflow.getHandle(workflowIdOf('loan', lent.entity)).terminate();
    const other = newEntity();
    await bench.store.ledger.updateOne({ entity: lent.entity }, { $set: { hash: 'f'.repeat(64) } });
    await incidents.note({ kind: 'diverged', subject: lent.entity, why: 'replay-differs' });
    await note(other);
    expect(await recheck()).toBe(1);
    expect(await subjects()).toEqual([lent.entity]);
  });
});
