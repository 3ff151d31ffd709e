import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { reconcile, unknownAggregates, type Mismatch, type ReconcileOptions } from '@qiyue/audit';
import { COMMAND_UPDATE_NAME, openRecord, sealRecord, workflowIdOf, workflowTypeOf, type CommandAnswer, type Outcome } from '@qiyue/engine';
import { anyDecider, toLedgerDocument, verifyLedger, type Command, type GatewayAnswer, type LedgerDocument } from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const outcomeOf = (answer: GatewayAnswer): Outcome => {
  if (answer.kind !== 'outcome') throw new Error(`no outcome: ${answer.kind}`);
  return answer.outcome;
};

describe('reconciliation of Temporal and the ledger', () => {
  let bench: EngineBench;
  let replayed: WorkflowBundleOption;
  let running: WorkflowBundleOption;
  beforeAll(async () => {
    replayed = await bundleOf(require.resolve('../loan/replayed'));
    running = await bundleOf(require.resolve('../loan/workflows'));
  }, 60_000);
  beforeEach(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: running });
    await bench.startWorker();
  }, 60_000);
  afterEach(() => bench.close());

  const look = async (options: ReconcileOptions = {}): Promise<readonly Mismatch[]> => {
    const { client, store, appender, taskQueue } = bench;
    const tablesOf = () => Promise.resolve({});
    return (await reconcile({ client, store, appender, taskQueue, decider: anyDecider(loanDecider), bundle: replayed, tablesOf }, options))
      .mismatches;
  };
  const handleOf = (entity: string) => bench.client.workflow.getHandle(workflowIdOf('loan', entity));
  const execute = (command: Command) => bench.gateway().execute(command, WAIT_MS);

  /** A command whose answer nobody carries to the ledger, as when the process dies behind it. */
  const unappended = async (command: Command): Promise<CommandAnswer> => {
    const { aggregate, starts, ...envelope } = command;
    const options = { updateId: command.commandId, args: [envelope] as [typeof envelope] };
    if (!starts) return handleOf(command.entity).executeUpdate<CommandAnswer, [typeof envelope]>(COMMAND_UPDATE_NAME, options);
    const startWorkflowOperation = new WithStartWorkflowOperation(workflowTypeOf(aggregate), {
      workflowId: workflowIdOf(aggregate, command.entity),
      taskQueue: bench.taskQueue,
      args: [{ entity: command.entity }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return bench.client.workflow.executeUpdateWithStart<Workflow, CommandAnswer, [typeof envelope]>(COMMAND_UPDATE_NAME, {
      ...options,
      startWorkflowOperation,
    });
  };
  const lent = async (renewals = 0): Promise<{ readonly entity: string; readonly commands: readonly Command[] }> => {
    const lend = commandFor(loanDecider, 'lend', { book: '山海经' });
    const commands = [lend, ...Array.from({ length: renewals }, () => commandFor(loanDecider, 'renew', {}, { entity: lend.entity }))];
    for (const command of commands) expect(outcomeOf(await execute(command)).status).toBe('accepted');
    await inLedger(lend.entity, commands.length);
    return { entity: lend.entity, commands };
  };
  const inLedger = (entity: string, count: number) =>
    eventually(`${count} records`, async () => (await bench.store.stream(entity)).length === count, 15_000);
  const goesOn = async (entity: string, seq: number): Promise<void> => {
    expect(outcomeOf(await execute(commandFor(loanDecider, 'renew', {}, { entity })))).toMatchObject({ status: 'accepted', seq });
    await inLedger(entity, seq);
    expect(await verifyLedger(bench.store)).toMatchObject({ ok: true });
    expect(await look()).toEqual([]);
  };
  const kindsOf = (mismatches: readonly Mismatch[]) => mismatches.map(({ stream, kind, done }) => [stream, kind, done]);

  it('finds nothing where nothing is wrong, and changes nothing', async () => {
    const { entity } = await lent(2);
    const ended = await lent();
    await execute(commandFor(loanDecider, 'bring-back', {}, { entity: ended.entity }));
    await handleOf(ended.entity).result();
    const before = await bench.store.ledger.find().toArray();
    expect(await look()).toEqual([]);
    expect(await bench.store.ledger.find().toArray()).toEqual(before);
    expect((await handleOf(entity).describe()).status.name).toBe('RUNNING');
  });

  it('brings what was decided and never flushed to the ledger, and the terminated workflow back', async () => {
    const lend = commandFor(loanDecider, 'lend', { book: '水经注' });
    const renew = commandFor(loanDecider, 'renew', {}, { entity: lend.entity });
    const answers = [await unappended(lend), await unappended(renew)];
    await handleOf(lend.entity).terminate('by hand');
    expect(await bench.store.stream(lend.entity)).toEqual([]);
    expect(kindsOf(await look({ dryRun: true }))).toEqual([
      [lend.entity, 'lagging', null],
      [lend.entity, 'stopped', null],
    ]);
    expect(await bench.store.stream(lend.entity)).toEqual([]);
    expect(await look()).toMatchObject([
      { stream: lend.entity, seq: 1, kind: 'lagging', done: 'appended' },
      { stream: lend.entity, kind: 'stopped', done: 'restarted' },
    ]);
    const made = answers[1]?.unconfirmed.flatMap(({ records }) => records).map(({ canonical }) => canonical);
    expect((await bench.store.stream(lend.entity)).map(({ canonical }) => canonical)).toEqual(made);
    expect(outcomeOf(await execute(renew))).toEqual(answers[1]?.outcome);
    await goesOn(lend.entity, 3);
  }, 60_000);

  it('rebuilds what a timer gave while the ledger was away, too', async () => {
    await bench.stopWorker();
    let tries = 0;
    await bench.startWorker(() => Promise.reject(new Error(`away ${(tries += 1)}`)));
    const lend = commandFor(loanDecider, 'lend', { book: '梦溪笔谈', forMs: 300 });
    await unappended(lend);
    await eventually('the flush to be tried', () => tries > 0);
    await handleOf(lend.entity).terminate('by hand');
    await bench.stopWorker();
    await bench.startWorker();
    expect(kindsOf(await look())).toEqual([
      [lend.entity, 'lagging', 'appended'],
      [lend.entity, 'stopped', 'restarted'],
    ]);
    expect((await bench.store.stream(lend.entity)).map(({ type }) => type)).toEqual(['BookLent', 'ReminderSent']);
    expect(outcomeOf(await execute(commandFor(loanDecider, 'bring-back', {}, { entity: lend.entity })))).toMatchObject({
      status: 'accepted',
      seq: 3,
    });
  }, 60_000);

  it('starts again what somebody terminated, with the answers that it gave', async () => {
    const { entity, commands } = await lent(3);
    await handleOf(entity).terminate('by hand');
    expect(await execute(commandFor(loanDecider, 'renew', {}, { entity }))).toEqual({ kind: 'lost' });
    expect(kindsOf(await look())).toEqual([[entity, 'stopped', 'restarted']]);
    await bench.store.commands.deleteMany({}); // so that the workflow itself has to know
    expect(outcomeOf(await execute(commands[2] as Command))).toMatchObject({ status: 'accepted', seq: 3 });
    await goesOn(entity, 5);
  }, 60_000);

  it('starts again from the ledger what Temporal has lost altogether', async () => {
    const { entity, commands } = await lent(2);
    const ended = await lent();
    await execute(commandFor(loanDecider, 'bring-back', {}, { entity: ended.entity }));
    await handleOf(ended.entity).result();
    for (const lost of [entity, ended.entity]) await forget(lost);
    expect(await look()).toMatchObject([{ stream: entity, seq: 3, kind: 'gone', done: 'restarted' }]);
    const { fingerprint, entity: of } = commands[1] as Command;
    const answer = await unappended(commands[1] as Command); // past the log: the workflow knows it
    expect([answer.fingerprint, answer.outcome.entity, answer.outcome.seq]).toEqual([fingerprint, of, 2]);
    await goesOn(entity, 4);
  }, 150_000);

  it('leaves a reset that was decided anew to the same bytes as it is', async () => {
    const { entity } = await lent(2);
    await reset(entity, []);
    await eventually('the new run', async () => (await handleOf(entity).describe()).status.name === 'RUNNING');
    await eventually('it to have caught up', async () => (await look()).length === 0, 20_000);
    await goesOn(entity, 4);
  }, 60_000);

  it.each([1, 2, 3])(
    'puts a workflow that was set back, to its task %i, to where the ledger is',
    async (nth) => {
      const { entity } = await lent(2);
      await reset(entity, [RESET_REAPPLY_EXCLUDE_UPDATE], nth);
      const found = await eventually('to be seen', async () => {
        const mismatches = await look({ dryRun: true });
        return mismatches.length > 0 && mismatches;
      });
      expect(found).toMatchObject([{ stream: entity, kind: 'behind', done: null }]);
      expect(kindsOf(await look())).toEqual([[entity, 'behind', 'restarted']]);
      await goesOn(entity, 4);
    },
    60_000,
  );

  it('sets a fork aside, and merges nothing', async () => {
    const { entity } = await lent(2);
    const other = await lent();
    await reset(entity, [RESET_REAPPLY_EXCLUDE_UPDATE], 2);
    await unappended(commandFor(loanDecider, 'renew', {}, { entity }));
    const before = await bench.store.stream(entity);
    const [found] = await eventually('to be seen', async () => {
      const mismatches = await look();
      return mismatches.length > 0 && mismatches;
    });
    expect(found).toMatchObject({ stream: entity, seq: 2, kind: 'forked', done: 'quarantined' });
    expect(await bench.store.stream(entity)).toEqual(before);
    expect(await bench.store.forks.findOne({ _id: entity })).not.toBeNull();
    expect(kindsOf(await look())).toEqual([[entity, 'forked', 'quarantined']]);
    expect(outcomeOf(await execute(commandFor(loanDecider, 'renew', {}, { entity: other.entity }))).status).toBe('accepted');
  }, 60_000);

  /** As somebody does who may write to the database and knows the format. */
  const addRecord = async (entity: string): Promise<void> => {
    const head = (await bench.store.stream(entity)).at(-1) as LedgerDocument;
    const body = { ...openRecord(head), seq: head.seq + 1, prevHash: head.hash, commandId: 'nobody' };
    await bench.store.ledger.insertOne(toLedgerDocument(sealRecord(body)));
  };
  const isAside = async (entity: string, seq: number): Promise<void> => {
    expect(await look({ dryRun: true })).toMatchObject([{ stream: entity, seq, kind: 'forked', done: null }]);
    expect(await look()).toMatchObject([{ stream: entity, seq, kind: 'forked', done: 'quarantined' }]);
    expect(await bench.store.forks.findOne({ _id: entity })).toMatchObject({ why: 'not-its-own' });
  };

  it('sets aside a record that somebody added behind a running head, and starts nothing from it', async () => {
    const { entity } = await lent(1);
    const { runId } = await handleOf(entity).describe();
    await addRecord(entity);
    await isAside(entity, 3);
    expect((await handleOf(entity).describe()).runId).toBe(runId);
  }, 60_000);

  it('does so behind a workflow that somebody terminated, and behind one that was set back, but never made it', async () => {
    const { entity } = await lent(1);
    await addRecord(entity);
    await handleOf(entity).terminate('by hand');
    await isAside(entity, 3);
    expect((await handleOf(entity).describe()).status.name).toBe('TERMINATED');
    const other = await lent(2);
    await bench.store.clearFork(entity);
    await reset(other.entity, [RESET_REAPPLY_EXCLUDE_UPDATE], 2);
    await addRecord(other.entity);
    const found = await eventually('to be seen', async () => {
      const mismatches = await look({ entity: other.entity, dryRun: true });
      return mismatches.length > 0 && mismatches;
    });
    expect(found).toMatchObject([{ stream: other.entity, kind: 'forked', done: null }]);
  }, 60_000);

  it('compares what has ended: what was added is set aside, what is gone at the end comes back', async () => {
    const ended = async () => {
      const { entity } = await lent();
      await execute(commandFor(loanDecider, 'bring-back', {}, { entity }));
      await handleOf(entity).result();
      await inLedger(entity, 2);
      return entity;
    };
    const [longer, shorter, changed] = [await ended(), await ended(), await ended()];
    const before = await bench.store.stream(shorter);
    expect(await look()).toEqual([]);
    await addRecord(longer);
    await bench.store.ledger.deleteOne({ entity: shorter, seq: 2 });
    await bench.store.ledger.updateOne({ entity: changed, seq: 1 }, { $set: { hash: 'f'.repeat(64) } });
    const found = await look();
    expect(new Map(found.map(({ stream, seq, kind, done }) => [stream, [seq, kind, done]]))).toEqual(
      new Map<string, unknown>([
        [longer, [3, 'forked', 'quarantined']],
        [shorter, [2, 'lagging', 'appended']],
        [changed, [1, 'forked', 'quarantined']],
      ]),
    );
    expect(await bench.store.stream(shorter)).toEqual(before);
  }, 60_000);

  it('names what is of a kind that nobody compares', async () => {
    const { entity } = await lent();
    expect(await unknownAggregates(bench.store, ['loan'])).toEqual([]);
    expect(await unknownAggregates(bench.store, ['need'])).toMatchObject([{ stream: entity, kind: 'unknown-aggregate', done: null }]);
  }, 60_000);

  it('rebuilds across a continue-as-new', async () => {
    const lend = commandFor(loanDecider, 'lend', { book: '徐霞客游记' });
    const gateway = bench.gateway({ continueAfterUpdates: 2 });
    const renew = () => commandFor(loanDecider, 'renew', {}, { entity: lend.entity });
    for (const command of [lend, renew(), renew(), renew(), renew()])
      expect(outcomeOf(await gateway.execute(command, WAIT_MS)).status).toBe('accepted');
    await inLedger(lend.entity, 5);
    await handleOf(lend.entity).terminate('by hand');
    expect(kindsOf(await look())).toEqual([[lend.entity, 'stopped', 'restarted']]);
    await goesOn(lend.entity, 6);
  }, 60_000);

  it('looks at one entity alone when asked to', async () => {
    const [one, two] = [await lent(), await lent()];
    await Promise.all([one, two].map(({ entity }) => handleOf(entity).terminate('by hand')));
    expect(kindsOf(await look({ entity: one.entity }))).toEqual([[one.entity, 'stopped', 'restarted']]);
    expect(kindsOf(await look())).toEqual([[two.entity, 'stopped', 'restarted']]);
  }, 60_000);

  const RESET_REAPPLY_EXCLUDE_UPDATE = 2;
  /** Back to the n-th workflow task; `exclude`: what is not applied again. */
  const reset = async (entity: string, exclude: readonly number[], nth = 1): Promise<void> => {
    const { events } = await handleOf(entity).fetchHistory();
    const task = events?.filter(({ workflowTaskCompletedEventAttributes: done }) => done)[nth - 1];
    await bench.client.workflowService.resetWorkflowExecution({
      ...{ namespace: 'default', reason: 'by hand', requestId: randomUUID() },
      workflowExecution: { workflowId: workflowIdOf('loan', entity) },
      workflowTaskFinishEventId: task?.eventId ?? null,
      resetReapplyExcludeTypes: [...exclude],
    });
  };
  const forget = async (entity: string): Promise<void> => {
    await bench.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: workflowIdOf('loan', entity) },
    });
    await eventually(
      'Temporal to have forgotten it',
      async () =>
        handleOf(entity)
          .describe()
          .then(
            () => false,
            (error: unknown) => error instanceof WorkflowNotFoundError,
          ),
      60_000,
    );
  };
});
