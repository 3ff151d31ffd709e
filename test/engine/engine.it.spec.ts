import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { COMMAND_UPDATE_NAME, openRecord, STANDING_QUERY_NAME, workflowIdOf, workflowTypeOf, type EntityStanding, type Outcome } from '@qiyue/engine';
import { anyDecider, type GatewayAnswer } from '@qiyue/engine-runtime';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const WAIT_MS = 20_000;
const outcomeOf = (answer: GatewayAnswer): Outcome => {
  if (answer.kind !== 'outcome') throw new Error(`no outcome: ${answer.kind}`);
  return answer.outcome;
};

describe('the engine, with a decider that it has never heard of', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    await bench.startWorker();
  }, 60_000);
  afterAll(() => bench.close());

  const lend = async (forMs?: number) => {
    const command = commandFor(loanDecider, 'lend', { book: '山海经', ...(forMs === undefined ? {} : { forMs }) });
    const answer = await bench.gateway().execute(command, WAIT_MS);
    expect(outcomeOf(answer)).toMatchObject({ status: 'accepted', seq: 1 });
    return command;
  };

  it('turns a command into a record in the ledger, linked and answered', async () => {
    const { entity } = await lend();
    const renewed = await bench.gateway().execute(commandFor(loanDecider, 'renew', {}, { entity }), WAIT_MS);
    expect(outcomeOf(renewed)).toMatchObject({ status: 'accepted', seq: 2, summary: { phase: 'lent' } });
    const [one, two] = await eventually('two records', async () => {
      const records = await bench.store.stream(entity);
      return records.length === 2 && records;
    });
    expect(two!.prevHash).toBe(one!.hash);
    expect(openRecord(two!)).toMatchObject({ type: 'LoanRenewed', actor: { id: 'tester' } });
  });

  it('answers the same id with the same answer: at once, again, by another process, and after the end', async () => {
    const { entity } = await lend();
    const command = commandFor(loanDecider, 'bring-back', {}, { entity });
    const answers = await Promise.all([1, 2, 3].map(() => bench.gateway().execute(command, WAIT_MS)));
    const first = outcomeOf(answers[0]!);
    for (const answer of answers) expect(outcomeOf(answer)).toEqual(first);
    await bench.client.workflow.getHandle(workflowIdOf('loan', entity)).result();
    expect(outcomeOf(await bench.gateway().execute(command, WAIT_MS))).toEqual(first);
    expect(await bench.store.stream(entity)).toHaveLength(2);
  });

  it('refuses by the rules after the end, and leaves a trace of it', async () => {
    const { entity } = await lend();
    await bench.gateway().execute(commandFor(loanDecider, 'bring-back', {}, { entity }), WAIT_MS);
    await bench.client.workflow.getHandle(workflowIdOf('loan', entity)).result();
    const late = commandFor(loanDecider, 'renew', {}, { entity });
    expect(outcomeOf(await bench.gateway().execute(late, WAIT_MS))).toMatchObject({ status: 'refused', refusal: { code: 'wrong-phase' } });
    expect(await bench.store.commands.findOne({ _id: late.commandId })).toMatchObject({
      state: 'refused',
      code: 'wrong-phase',
      actor: { id: 'tester' },
    });
  });

  it('says not-found for an entity that never was', async () => {
    const command = commandFor(loanDecider, 'renew', {}, { entity: '0'.repeat(26) });
    expect(await bench.gateway().execute(command, WAIT_MS)).toEqual({ kind: 'not-found' });
  });

  it('says key-reused when an id comes with another body, here and on another entity', async () => {
    const first = await lend();
    const other = commandFor(loanDecider, 'lend', { book: '水经注' }, { key: first.commandId, actor: { id: 'else', role: 'tester', unit: null } });
    expect(other.entity).not.toBe(first.entity);
    expect(await bench.gateway().execute(other, WAIT_MS)).toEqual({ kind: 'key-reused' });
    const here = commandFor(loanDecider, 'renew', {}, { entity: first.entity, key: first.commandId });
    expect(await bench.gateway().execute(here, WAIT_MS)).toEqual({ kind: 'key-reused' });
  });

  it('keeps both outcomes of an id that two entities were given at once, and answers each as before, for ever', async () => {
    const loans = [await lend(), await lend()];
    const key = `twice-${loans[0]!.entity}`;
    const renewals = loans.map(({ entity }) => commandFor(loanDecider, 'renew', {}, { entity, key }));
    const answers = await Promise.all(renewals.map((renewal) => bench.gateway().execute(renewal, WAIT_MS)));
    const rows = { $or: [{ _id: key }, { commandId: key }] };
    await eventually('both outcomes to be kept', async () => (await bench.store.commands.countDocuments(rows)) === 2);
    for (const [i, renewal] of renewals.entries())
      expect(await bench.gateway().execute(renewal, WAIT_MS)).toMatchObject({ outcome: outcomeOf(answers[i]!) });
    for (const { entity } of loans) {
      await bench.gateway().execute(commandFor(loanDecider, 'bring-back', {}, { entity }), WAIT_MS);
      await bench.client.workflow.getHandle(workflowIdOf('loan', entity)).result();
    }
    for (const [i, renewal] of renewals.entries())
      expect(await bench.gateway().execute(renewal, WAIT_MS)).toMatchObject({ outcome: outcomeOf(answers[i]!) });
    const third = await lend();
    expect(await bench.gateway().execute(commandFor(loanDecider, 'renew', {}, { entity: third.entity, key }), WAIT_MS)).toEqual({
      kind: 'key-reused',
    });
  });

  it('keeps going when the decider throws', async () => {
    const { entity } = await lend();
    expect(outcomeOf(await bench.gateway().execute(commandFor(loanDecider, 'explode', {}, { entity }), WAIT_MS))).toMatchObject({
      refusal: { code: 'failed' },
    });
    expect(outcomeOf(await bench.gateway().execute(commandFor(loanDecider, 'renew', {}, { entity }), WAIT_MS))).toMatchObject({ status: 'accepted' });
  });

  it('keeps going when the validator throws', async () => {
    const { entity } = await lend();
    const misdirected = { ...commandFor(loanDecider, 'renew', {}, { entity }), entity: 'x' };
    const handle = bench.client.workflow.getHandle(workflowIdOf('loan', entity));
    await expect(handle.executeUpdate('command', { args: [misdirected], updateId: misdirected.commandId })).rejects.toThrow();
    expect(outcomeOf(await bench.gateway().execute(commandFor(loanDecider, 'renew', {}, { entity }), WAIT_MS))).toMatchObject({ status: 'accepted' });
  });

  it('fires a timer once and brings what it gave to the ledger by itself', async () => {
    const { entity } = await lend(300);
    const records = await eventually('the reminder in the ledger', async () => {
      const found = await bench.store.stream(entity);
      return found.length === 2 && found;
    });
    expect(openRecord(records[1]!)).toMatchObject({ type: 'ReminderSent', actor: { id: 'clock', role: 'system' } });
  });

  it('fires a timer also while nobody takes activities, and brings what it gave to the ledger once somebody does', async () => {
    await bench.stopWorker();
    await bench.startWorkflowsAlone();
    const { entity } = await lend(1_000);
    const handle = bench.client.workflow.getHandle(workflowIdOf('loan', entity));
    await eventually('the reminder to be decided', async () => (await handle.query<EntityStanding>(STANDING_QUERY_NAME)).seq === 2, 25_000);
    expect(outcomeOf(await bench.gateway().execute(commandFor(loanDecider, 'bring-back', {}, { entity }), WAIT_MS))).toMatchObject({ seq: 3 });
    const records = await eventually('both in the ledger', async () => {
      const found = await bench.store.stream(entity);
      return found.length === 3 && found;
    });
    expect(records.map(({ type }) => type)).toEqual(['BookLent', 'ReminderSent', 'BookBroughtBack']);
    expect(openRecord(records[1]!).time).toBe((openRecord(records[0]!).data as { readonly dueAt: string }).dueAt);
    await bench.stopWorker();
    await bench.startWorker();
  }, 60_000);

  it('appends by itself what no caller appended', async () => {
    const command = commandFor(loanDecider, 'lend', { book: '徐霞客游记' });
    const { aggregate, starts: _, ...envelope } = command;
    await bench.client.workflow.executeUpdateWithStart(COMMAND_UPDATE_NAME, {
      updateId: command.commandId,
      args: [envelope],
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypeOf(aggregate), {
        workflowId: workflowIdOf(aggregate, command.entity),
        taskQueue: bench.taskQueue,
        args: [{ entity: command.entity }],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    }); // the answer is thrown away, as by a process that dies
    await eventually('the record by the lazy flush', async () => (await bench.store.stream(command.entity)).length === 1, 15_000);
    await eventually('the outcome too', () => bench.store.commands.findOne({ _id: command.commandId, state: 'accepted' }));
  }, 30_000);

  it('says unknown while no worker takes a submit, and its retry is the same entity', async () => {
    const idle = await EngineBench.create({ deciders: [anyDecider(loanDecider)], bundle: await bundleOf(require.resolve('../loan/workflows')) });
    try {
      const command = commandFor(loanDecider, 'lend', { book: '梦溪笔谈' });
      expect(await idle.gateway().execute(command, 1_000)).toEqual({ kind: 'unknown' });
      await idle.startWorker();
      expect(outcomeOf(await idle.gateway().execute(command, WAIT_MS))).toMatchObject({ status: 'accepted', entity: command.entity, seq: 1 });
      await eventually('one record', async () => (await idle.store.stream(command.entity)).length === 1);
    } finally {
      await idle.close();
    }
  }, 60_000);

  it('sets an entity aside when the ledger holds another history under its name, and harms no other', async () => {
    const forked = await lend();
    await eventually('in the ledger', async () => (await bench.store.stream(forked.entity)).length === 1);
    await bench.store.ledger.updateOne({ entity: forked.entity, seq: 1 }, { $set: { hash: 'f'.repeat(64) } });
    const other = await EngineBench.create({
      deciders: [anyDecider(loanDecider)],
      bundle: await bundleOf(require.resolve('../loan/workflows')),
      database: bench.db.databaseName,
    });
    const gateway = other.gateway({ taskQueue: bench.taskQueue }); // remembers no head: it looks
    await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity: forked.entity }), WAIT_MS);
    await eventually('the fork is noted', () => bench.store.forks.findOne({ _id: forked.entity }));
    await eventually(
      'and its commands are refused',
      async () => {
        const answer = await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity: forked.entity }), WAIT_MS);
        return answer.kind === 'outcome' && answer.outcome.status === 'refused' && answer.outcome.refusal.code === 'quarantined';
      },
      20_000,
    );
    expect(outcomeOf(await gateway.execute(commandFor(loanDecider, 'lend', { book: '书' }), WAIT_MS))).toMatchObject({ status: 'accepted' });
    await other.close({ keepDatabase: true });
  }, 60_000);
});
