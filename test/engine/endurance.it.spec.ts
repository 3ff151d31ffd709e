import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRecord } from '@qiyue/engine';
import { anyDecider, verifyLedger, type Command, type CommandGateway, type GatewayAnswer } from '@qiyue/engine-runtime';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const ENTITIES = 20;
const COMMANDS_EACH = 100;
const CLIENTS = 4;
const WAIT_MS = 60_000;

describe('many retrying clients, runs of three updates, and a worker that is restarted', () => {
  let bench: EngineBench;
  let clients: readonly CommandGateway[];
  beforeAll(async () => {
    bench = await EngineBench.create({
      deciders: [anyDecider(loanDecider)],
      bundle: await bundleOf(require.resolve('../loan/workflows')),
      gateway: { continueAfterUpdates: 3, inFlightPerEntity: 2, attemptMs: 3_000 },
    });
    clients = Array.from({ length: CLIENTS }, () => bench.gateway());
    await bench.startWorker();
  }, 60_000);
  afterAll(() => bench.close());

  /** Every client sends the same command: what each of them hears must be the same. */
  const sendByAll = async (command: Command): Promise<GatewayAnswer> => {
    const answers = await Promise.all(clients.map((client) => client.execute(command, WAIT_MS)));
    const [first, ...others] = answers.map((answer) => (answer.kind === 'outcome' ? answer.outcome : answer));
    for (const other of others) expect(other).toEqual(first);
    return answers[0]!;
  };

  const live = async (onCommand: () => void): Promise<{ readonly entity: string; readonly ids: readonly string[] }> => {
    const lend = commandFor(loanDecider, 'lend', { book: '农政全书' });
    expect(await sendByAll(lend)).toMatchObject({ kind: 'outcome', outcome: { status: 'accepted', seq: 1 } });
    const ids = [lend.commandId];
    for (let i = 1; i <= COMMANDS_EACH; i += 1) {
      const renew = commandFor(loanDecider, 'renew', {}, { entity: lend.entity });
      expect(await sendByAll(renew)).toMatchObject({ kind: 'outcome', outcome: { status: 'accepted', seq: i + 1 } });
      ids.push(renew.commandId);
      onCommand();
    }
    return { entity: lend.entity, ids };
  };

  it('applies nothing twice and loses nothing', async () => {
    let done = 0;
    let restart: Promise<void> | null = null;
    const lives = await Promise.all(
      Array.from({ length: ENTITIES }, () =>
        live(() => {
          done += 1;
          if (done === (ENTITIES * COMMANDS_EACH) / 2) restart = bench.stopWorker().then(() => bench.startWorker());
        }),
      ),
    );
    await restart;
    for (const { entity, ids } of lives) {
      const records = await eventually('the whole stream', async () => {
        const found = await bench.store.stream(entity);
        return found.length >= COMMANDS_EACH + 1 && found;
      });
      expect(records.map((record) => openRecord(record).commandId)).toEqual(ids);
      expect(records.map(({ seq }) => seq)).toEqual(ids.map((_, i) => i + 1));
    }
    expect(await verifyLedger(bench.store)).toMatchObject({ ok: true, records: ENTITIES * (COMMANDS_EACH + 1) });
    const { entity } = lives[0]!;
    const runs = [];
    for await (const run of bench.client.workflow.list({ query: `WorkflowId = "loan-${entity}"` })) runs.push(run);
    expect(runs.length).toBeGreaterThan(10); // continue-as-new did happen
  }, 400_000);

  it('answers two hundred commands at once on one entity, and others keep their pace', async () => {
    const [crowded, quiet] = await Promise.all(
      [1, 2].map(() => bench.gateway({ inFlightPerEntity: 8 }).execute(commandFor(loanDecider, 'lend', { book: '书' }), WAIT_MS)),
    );
    if (crowded?.kind !== 'outcome' || quiet?.kind !== 'outcome') throw new Error('not lent');
    const gateway = bench.gateway({ inFlightPerEntity: 8 });
    const crowd = Promise.all(
      Array.from({ length: 200 }, () => gateway.execute(commandFor(loanDecider, 'renew', {}, { entity: crowded.outcome.entity }), WAIT_MS)),
    );
    for (let i = 0; i < 5; i += 1) {
      expect(await gateway.execute(commandFor(loanDecider, 'renew', {}, { entity: quiet.outcome.entity }), WAIT_MS)).toMatchObject({
        outcome: { status: 'accepted' },
      });
    }
    const outcomes = (await crowd).map((answer) => (answer.kind === 'outcome' ? answer.outcome.status : answer.kind));
    expect(outcomes).toEqual(Array.from({ length: 200 }, () => 'accepted'));
  }, 120_000);
});
