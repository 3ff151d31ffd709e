import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { openRecord, workflowIdOf } from '@qiyue/engine';
import {
  anyDecider,
  Incidents,
  recheckEntities,
  verifyLedger,
  type CommandGateway,
  type GatewayAnswer,
  type GatewayOptions,
} from '@qiyue/engine-runtime';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const LATE = ['refuses-now', 'accepts-now', 'gains-a-field', 'stays'] as const;

const codeOf = (answer: GatewayAnswer): string => {
  if (answer.kind !== 'outcome') return answer.kind;
  return answer.outcome.status === 'accepted' ? 'accepted' : answer.outcome.refusal.code;
};
const versions = (active: number, known: number): Pick<GatewayOptions, 'rules'> => ({ rules: { active: () => active, known: () => known } });

/** Each with a command that the changed rules decide otherwise. */
const lives = async (bench: EngineBench, gateway: CommandGateway): Promise<ReadonlyMap<string, string>> => {
  const loans = new Map<string, string>();
  for (const book of LATE) {
    const lend = commandFor(loanDecider, 'lend', { book });
    expect(codeOf(await gateway.execute(lend, WAIT_MS))).toBe('accepted');
    expect(codeOf(await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity: lend.entity }), WAIT_MS))).toBe('accepted');
    expect(codeOf(await gateway.execute(commandFor(loanDecider, 'lend', { book }, { entity: lend.entity }), WAIT_MS))).toBe('wrong-phase');
    await eventually('in the ledger', async () => (await bench.store.stream(lend.entity)).length === 2);
    loans.set(book, lend.entity);
  }
  return loans;
};

describe('a worker with other rules than those that answered', () => {
  let bench: EngineBench;
  let [changed, declared]: WorkflowBundleOption[] = [];
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    changed = await bundleOf(require.resolve('../loan/changed-workflows'));
    declared = await bundleOf(require.resolve('../loan/declared-workflows'));
  }, 120_000);
  afterAll(() => bench.close());

  const restart = async (bundle?: WorkflowBundleOption): Promise<void> => {
    await bench.stopWorker();
    await bench.startWorker(undefined, bundle);
  };
  const gatewayOf = (options: Partial<GatewayOptions> = {}): CommandGateway => bench.gateway({ incidents: new Incidents(bench.db), ...options });
  const renew = async (gateway: CommandGateway, entity: string): Promise<string> =>
    codeOf(await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity }), WAIT_MS));

  it('answers diverged and records nothing when the change is not declared, and goes on as if nothing had been when the right one is back', async () => {
    await restart();
    const loans = await lives(bench, gatewayOf());
    await restart(changed);
    const cold = gatewayOf();
    for (const book of ['refuses-now', 'accepts-now', 'gains-a-field'])
      expect([book, await renew(cold, loans.get(book)!)]).toEqual([book, 'diverged']);
    expect(await renew(cold, loans.get('stays')!)).toBe('accepted');
    expect((await new Incidents(bench.db).counts()).diverged).toBe(3);
    const before = await Promise.all([...loans.values()].map((entity) => bench.store.stream(entity)));
    await restart();
    for (const [book, entity] of loans) expect([book, await renew(gatewayOf(), entity)]).toEqual([book, 'accepted']);
    for (const [i, entity] of [...loans.values()].entries()) {
      await eventually('the next record', async () => (await bench.store.stream(entity)).length === before[i]!.length + 1);
      expect(await verifyLedger(bench.store, { entity })).toMatchObject({ ok: true });
    }
    expect(await bench.store.forks.countDocuments({})).toBe(0);
    expect((await new Incidents(bench.db).counts()).diverged).toBe(3); // by another process: the look from time to time clears them
    await eventually(
      'to be well again',
      async () => {
        await recheckEntities({ client: bench.client, store: bench.store, incidents: new Incidents(bench.db), aggregates: ['loan'] });
        return (await new Incidents(bench.db).counts()).diverged === 0;
      },
      60_000,
    );
  }, 180_000);

  it('answers diverged when the same records come to another state, warm and cold, fires no timer by it, and goes on when the right one is back', async () => {
    await restart();
    const warm = gatewayOf();
    const lent = async (book: string, forMs = 60_000): Promise<string> => {
      const { entity, ...lend } = commandFor(loanDecider, 'lend', { book, forMs });
      expect(codeOf(await warm.execute({ entity, ...lend }, WAIT_MS))).toBe('accepted');
      await eventually('its outcome in the ledger', async () => (await bench.store.lastOutcome(entity))?.digest !== undefined);
      return entity;
    };
    const [folds, gains] = [await lent('folds-otherwise'), await lent('state-gains')];
    const soon = await lent('folds-otherwise', 6_000);
    await restart(changed);
    expect(await renew(warm, folds)).toBe('diverged');
    expect(await renew(gatewayOf(), folds)).toBe('diverged');
    expect(await renew(warm, gains)).toBe('accepted');
    const aside = async () => (await new Incidents(bench.db).list('diverged', 50)).map(({ subject }) => subject);
    await eventually('the timer to be held', async () => (await aside()).includes(soon), 40_000);
    await recheckEntities({ client: bench.client, store: bench.store, incidents: new Incidents(bench.db), aggregates: ['loan'] });
    expect(await aside()).toEqual(expect.arrayContaining([folds, soon]));
    for (const entity of [folds, soon]) expect(await bench.store.stream(entity)).toHaveLength(1);
    await restart();
    for (const [gateway, entity] of [
      [warm, folds],
      [gatewayOf(), gains],
    ] as const)
      expect(await renew(gateway, entity)).toBe('accepted');
    await eventually('the reminder', async () => (await bench.store.stream(soon)).length === 2, 60_000);
    await eventually(
      'to be well again',
      async () => {
        await recheckEntities({ client: bench.client, store: bench.store, incidents: new Incidents(bench.db), aggregates: ['loan'] });
        return (await new Incidents(bench.db).counts()).diverged === 0;
      },
      60_000,
    );
  }, 180_000);

  it('never overwrites an outcome that was answered', async () => {
    const rows = await bench.store.commands.find({ type: 'renew', state: 'refused' }).toArray();
    expect(rows).toEqual([]);
  });

  it('fires no timer whose time has not come by its own rules, nor by rules that answered otherwise', async () => {
    await restart();
    const lend = commandFor(loanDecider, 'lend', { book: 'reminds-later', forMs: 6_000 });
    const field = commandFor(loanDecider, 'lend', { book: 'gains-a-field', forMs: 6_000 });
    expect(codeOf(await gatewayOf().execute(lend, WAIT_MS))).toBe('accepted');
    expect(codeOf(await gatewayOf().execute(field, WAIT_MS))).toBe('accepted');
    await restart(changed);
    await eventually('to be seen', async () => (await new Incidents(bench.db).counts()).diverged >= 1, 40_000);
    expect(await bench.store.stream(lend.entity)).toHaveLength(1);
    await restart();
    for (const { entity } of [lend, field]) {
      const records = await eventually(
        'the reminder',
        async () => {
          const stream = await bench.store.stream(entity);
          return stream.length === 2 && stream;
        },
        60_000,
      );
      expect(openRecord(records[1]!)).toMatchObject({ type: 'ReminderSent' });
    }
  }, 180_000);

  it('loses and forks nothing when the change is declared, before and after it is activated', async () => {
    await restart();
    const loans = await lives(bench, gatewayOf());
    await restart(declared);
    const before = gatewayOf(versions(1, 2));
    for (const entity of loans.values()) expect(await renew(before, entity)).toBe('accepted');
    await restart(); // before the activation a roll-back is free
    for (const entity of loans.values()) expect(await renew(gatewayOf(versions(1, 1)), entity)).toBe('accepted');
    await restart(declared);
    const after = gatewayOf(versions(2, 2));
    expect(await renew(after, loans.get('refuses-now')!)).toBe('renewed-too-often');
    expect(await renew(after, loans.get('gains-a-field')!)).toBe('accepted');
    const last = await eventually('in the ledger', async () => (await bench.store.stream(loans.get('gains-a-field')!)).find(({ seq }) => seq === 5));
    expect(openRecord(last)).toMatchObject({ rules: 2, data: { note: 'new' } });
  }, 120_000);

  it('turns away what it does not know yet, recording nothing, until code runs that knows it', async () => {
    await restart(declared);
    const after = gatewayOf(versions(2, 2));
    const lend = commandFor(loanDecider, 'lend', { book: 'gains-a-field' });
    expect(codeOf(await after.execute(lend, WAIT_MS))).toBe('accepted');
    const fresh = commandFor(loanDecider, 'lend', { book: 'stays' });
    expect(codeOf(await gatewayOf(versions(1, 1)).execute(fresh, WAIT_MS))).toBe('accepted');
    await restart();
    expect(await renew(after, fresh.entity)).toBe('rules-unknown');
    expect(['rules-unknown', 'diverged']).toContain(await renew(gatewayOf(versions(1, 1)), lend.entity));
    expect(await renew(gatewayOf(versions(1, 1)), fresh.entity)).toBe('accepted');
    await restart(declared);
    const again = await eventually('to be served again', async () => (await renew(after, lend.entity)) === 'accepted', 60_000);
    expect(again).toBe(true);
    const handle = bench.client.workflow.getHandle(workflowIdOf('loan', lend.entity));
    expect((await handle.describe()).status.name).toBe('RUNNING');
  }, 180_000);
});
