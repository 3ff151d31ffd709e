import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openRecord, workflowIdOf } from '@qiyue/engine';
import { anyDecider, Incidents, Patrol, recheckEntities, verifyLedger, type GatewayAnswer, type LedgerDocument } from '@qiyue/engine-runtime';
import { releaseFromLedger } from '@qiyue/audit';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const codeOf = (answer: GatewayAnswer): string =>
  answer.kind !== 'outcome' ? answer.kind : answer.outcome.status === 'accepted' ? 'accepted' : answer.outcome.refusal.code;

describe('an entity that nobody asks for', () => {
  const decider = anyDecider(loanDecider);
  let bench: EngineBench;
  let incidents: Incidents;
  let fed = 0;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [decider], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
    incidents = new Incidents(bench.db);
  }, 60_000);
  afterEach(() => bench.db.collection('incidents').deleteMany({}));
  afterAll(() => bench.close());

  const execute = async (type: string, data: object, entity?: string): Promise<readonly [string, string]> => {
    const command = commandFor(loanDecider, type, data as never, entity === undefined ? {} : { entity });
    return [codeOf(await bench.gateway({ incidents }).execute(command, WAIT_MS)), command.entity];
  };
  const lent = async (): Promise<string> => {
    const [code, entity] = await execute('lend', { book: '山海经' });
    expect(code).toBe('accepted');
    await eventually('in the ledger', async () => (await bench.store.stream(entity)).length === 1);
    await bench.store.feed.insertOne({ _id: (fed += 1), entity, seq: 1 });
    return entity;
  };
  const ended = async (): Promise<string> => {
    const entity = await lent();
    expect((await execute('bring-back', {}, entity))[0]).toBe('accepted');
    const handle = bench.client.workflow.getHandle(workflowIdOf('loan', entity));
    await eventually('its end', async () => (await handle.describe()).status.name === 'COMPLETED', 30_000);
    return entity;
  };
  const terminate = (entity: string) => bench.client.workflow.getHandle(workflowIdOf('loan', entity)).terminate('by hand');
  const patrolled = async (): Promise<readonly (readonly [string, string, string])[]> => {
    const patrol = new Patrol({ client: bench.client, store: bench.store, incidents, deciders: [decider] });
    await patrol.round();
    return (await incidents.list()).map(({ kind, subject, why }) => [kind, subject, why] as const);
  };
  const recheck = () => recheckEntities({ client: bench.client, store: bench.store, incidents, aggregates: ['loan'] });
  const notedOf = async (entity: string): Promise<readonly string[]> =>
    (await incidents.list()).filter(({ subject }) => subject === entity).map(({ kind }) => kind);

  it('is not remarked upon while it runs, nor once it has ended by its own rules', async () => {
    const both = [await lent(), await ended()];
    expect((await patrolled()).filter(([, subject]) => both.includes(subject))).toEqual([]);
  }, 60_000);

  it('is lost when somebody has ended its workflow, until it goes on from the ledger', async () => {
    const entity = await lent();
    await terminate(entity);
    await eventually('it to be remarked', async () => (await patrolled()).some(([kind, subject]) => kind === 'lost' && subject === entity));
    expect(await recheck()).toBe(0); // a workflow that is over can still be asked, and agrees
    expect(await notedOf(entity)).toEqual(['lost']);
    const { client, store, appender, taskQueue } = bench;
    await releaseFromLedger({ client, store, appender, taskQueue, decider, tablesOf: () => Promise.resolve({}) }, entity);
    expect(await notedOf(entity)).toEqual([]);
    expect((await patrolled()).filter(([, subject]) => subject === entity)).toEqual([]);
    expect((await execute('renew', {}, entity))[0]).toBe('accepted');
  }, 60_000);

  it('answers lost to every command, also to one that its rules would refuse or that would begin it anew, and counts where the operator looks', async () => {
    const entity = await lent();
    await terminate(entity);
    for (const [type, data] of [
      ['renew', {}],
      ['lend', { book: '水经注' }],
    ] as const)
      expect((await execute(type, data, entity))[0]).toBe('lost');
    expect(await notedOf(entity)).toEqual(['lost']);
    expect(await bench.store.commands.countDocuments({ entity, state: 'refused' })).toBe(0);
    expect(await bench.store.stream(entity)).toHaveLength(1);
  }, 60_000);

  describe('whose records do not fit each other', () => {
    const FAULTS: Readonly<Record<string, (document: LedgerDocument) => Promise<unknown>>> = {
      gap: ({ _id }) => bench.store.ledger.deleteOne({ _id }),
      hash: ({ _id, canonical }) => bench.store.ledger.updateOne({ _id }, { $set: { canonical: canonical.replace('T', 't') } }),
      copy: ({ _id }) => bench.store.ledger.updateOne({ _id }, { $set: { actorId: 'somebody-else' } }),
    };

    it.each(Object.keys(FAULTS))(
      'is noted, and well again once they do: %s',
      async (kind) => {
        const entity = await lent();
        expect((await execute('renew', {}, entity))[0]).toBe('accepted');
        await eventually('in the ledger', async () => (await bench.store.stream(entity)).length === 2);
        const [first] = await bench.store.stream(entity);
        await FAULTS[kind]?.(first as LedgerDocument);
        expect(await patrolled()).toContainEqual(['ledger-unsound', entity, kind]);
        expect(await notedOf(entity)).toEqual(['ledger-unsound']);
        expect(await recheck()).toBe(0);
        await bench.store.ledger.replaceOne({ _id: first?._id as string }, first as LedgerDocument, { upsert: true });
        expect(await recheck()).toBe(1);
        expect(await notedOf(entity)).toEqual([]);
        expect(await verifyLedger(bench.store, { entity })).toMatchObject({ ok: true, records: 2 });
      },
      60_000,
    );

    it('answers no command from them', async () => {
      const entity = await ended();
      const [, last] = await bench.store.stream(entity);
      await FAULTS['hash']?.(last as LedgerDocument);
      expect((await execute('renew', {}, entity))[0]).toBe('quarantined');
      expect(await notedOf(entity)).toEqual(['ledger-unsound']);
      expect(openRecord(last as LedgerDocument).seq).toBe(2);
    }, 60_000);
  });
});
