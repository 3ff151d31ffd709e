import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { STANDING_QUERY_NAME, workflowIdOf, type EntityStanding } from '@qiyue/engine';
import { checkUpgrade, type UpgradeCheck, type UpgradeOptions } from '@qiyue/audit';
import { anyDecider, type AnyDecider } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { changedLoan, loanWithoutTimers } from '../loan/loan.changed';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const LOANS = 12;
const RENEWED = 4;

describe('the check of open entities before a release is let in', () => {
  let bench: EngineBench;
  let loans: readonly string[];
  let bundles: Readonly<Record<'today' | 'changed' | 'withoutTimers', WorkflowBundleOption>>;
  beforeAll(async () => {
    bundles = {
      today: await bundleOf(require.resolve('../loan/replayed')),
      changed: await bundleOf(require.resolve('../loan/replayed-changed')),
      withoutTimers: await bundleOf(require.resolve('../loan/replayed-without-timers')),
    };
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
    loans = await Promise.all(Array.from({ length: LOANS }, (_, i) => lend(i < RENEWED)));
    await eventually(
      'what follows from their states to be done, their timers too',
      async () => (await Promise.all(loans.map(unconfirmedOf))).every((n) => n === 0),
      WAIT_MS,
    );
    await eventually('Temporal to list them', async () => (await check('today')).open === LOANS, WAIT_MS);
  }, 120_000);
  afterAll(() => bench.close());

  const check = (code: keyof typeof bundles, options: UpgradeOptions = {}): Promise<UpgradeCheck> => {
    const deciders = { today: loanDecider, changed: changedLoan, withoutTimers: loanWithoutTimers };
    const { client, store, taskQueue } = bench;
    return checkUpgrade({ client, store, taskQueue, bundle: bundles[code], decider: anyDecider(deciders[code]) as AnyDecider }, options);
  };

  const unconfirmedOf = async (entity: string): Promise<number> =>
    (await bench.client.workflow.getHandle(workflowIdOf('loan', entity)).query<EntityStanding, []>(STANDING_QUERY_NAME)).unconfirmed;

  /** Lent, renewed perhaps, and refused something; half of the answers stay with the workflow. */
  const lend = async (isRenewed: boolean): Promise<string> => {
    const gateway = bench.gateway();
    const lent = commandFor(loanDecider, 'lend', { book: '山海经' });
    const { entity } = lent;
    await gateway.execute(lent, WAIT_MS);
    if (isRenewed) await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity }), WAIT_MS);
    await gateway.execute(commandFor(loanDecider, 'lend', { book: '水经注' }, { entity }), WAIT_MS);
    return entity;
  };

  it('finds nothing with the code that runs, and says how fast it went', async () => {
    const seen: (readonly [number, number])[] = [];
    const found = await check('today', { onProgress: (checked, of) => seen.push([checked, of]) });
    expect(found).toMatchObject({ checked: LOANS, same: LOANS, diverged: [], stuck: [], open: LOANS });
    expect(found.perSecond).toBeGreaterThan(0);
    expect(seen.at(-1)).toEqual([LOANS, LOANS]);
  });

  it('names each entity that changed code would fork, with the first seq that differs', async () => {
    const { checked, same, diverged, stuck } = await check('changed');
    expect({ checked, same, stuck }).toEqual({ checked: LOANS, same: LOANS - RENEWED, stuck: [] });
    const expected = loans.slice(0, RENEWED).map((entity) => ({ entity, seq: 2, why: 'other-outcome' }));
    expect([...diverged].sort((a, b) => loans.indexOf(a.entity) - loans.indexOf(b.entity))).toEqual(expected);
  });

  it('names an entity whose records come to another state than they did when it was answered, with the fields', async () => {
    const [entity] = loans;
    const row = await bench.store.commands.findOne({ entity: entity!, ordinal: 1 });
    await bench.store.commands.updateOne({ _id: row!._id }, { $set: { 'digest.renewals': 'another', 'digest.desk': 'unknown here' } });
    const found = await check('today');
    await bench.store.commands.updateOne({ _id: row!._id }, { $set: { digest: row!.digest! } });
    expect(found).toMatchObject({ same: LOANS - 1, diverged: [{ entity, seq: 2, why: 'other-state', fields: ['renewals'] }], stuck: [] });
  });

  it('names each entity whose history does not fit the code', async () => {
    const { same, diverged, stuck } = await check('withoutTimers');
    expect({ same, diverged }).toEqual({ same: 0, diverged: [] });
    expect(stuck).toContainEqual({ entity: loans[0], why: 'DeterminismViolationError' });
    expect(stuck).toHaveLength(LOANS);
  });

  it('looks at as many as it is asked to, and leaves out what is quarantined', async () => {
    expect(await check('today', { sample: 5 })).toMatchObject({ checked: 5, same: 5, open: LOANS });
    await bench.store.noteFork(loans[0]!, { seq: 1, why: 'other-hash', offeredHash: 'f'.repeat(64) });
    expect(await check('changed')).toMatchObject({ checked: LOANS - 1, same: LOANS - RENEWED });
    await bench.store.clearFork(loans[0]!);
  });

  it('changes nothing', async () => {
    const before = await Promise.all(loans.map((entity) => bench.store.head(entity)));
    await check('changed');
    expect(await Promise.all(loans.map((entity) => bench.store.head(entity)))).toEqual(before);
    expect(await bench.store.forks.countDocuments()).toBe(0);
  });
});
