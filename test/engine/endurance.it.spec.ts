import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRecord } from '@qiyue/engine';
import { anyDecider, verifyLedger, type Command, type CommandGateway, type GatewayAnswer } from '@qiyue/engine-runtime';
import { needPlan, type Step } from '@qiyue/campaign';
import { needDecider } from '@qiyue/need-domain';
import { EngineBench, WITH_CAMPAIGNS, bundleOf, commandFor, eventually, type Who } from '@qiyue/testkit';

/** A dozen where there is time: `QIYUE_CAMPAIGNS=1`. */
const NEEDS = WITH_CAMPAIGNS ? 12 : 5;
const PLAN = needPlan(92);
const EVENTS = PLAN.flatMap(({ gives }) => gives);
const CLIENTS = 4;
const WAIT_MS = 60_000;
const need = anyDecider(needDecider);

const PROGRESS = needPlan(1).find(({ command }) => command === 'progress')!;

const actorOf = ({ actor, role, unit }: Who) => ({ id: actor, role, unit: unit ?? null });
const commandOf = ({ command, body, as }: Step, entity: string | null): Command =>
  commandFor(need, command, body as Command['data'], { ...(entity === null ? {} : { entity }), actor: actorOf(as) });

/** Led through its plan up to the first progress report. */
const needInWorks = async (gateway: CommandGateway): Promise<string> => {
  let entity: string | null = null;
  for (const step of PLAN.slice(
    0,
    PLAN.findIndex(({ command }) => command === 'progress'),
  )) {
    const command: Command = commandOf(step, entity);
    ({ entity } = command);
    expect(await gateway.execute(command, WAIT_MS)).toMatchObject({ outcome: { status: 'accepted' } });
  }
  return entity ?? '';
};

describe('many retrying clients, runs of three updates, and a worker that is restarted', () => {
  let bench: EngineBench;
  let clients: readonly CommandGateway[];
  beforeAll(async () => {
    bench = await EngineBench.create({
      deciders: [need],
      bundle: await bundleOf(require.resolve('@qiyue/workflows-need')),
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

  /** A need's whole life: its id, and of every event the command that gave it. */
  const live = async (onCommand: () => void): Promise<{ readonly entity: string; readonly causes: readonly string[] }> => {
    let entity: string | null = null;
    const causes: string[] = [];
    for (const step of PLAN) {
      const command: Command = commandOf(step, entity);
      ({ entity } = command);
      causes.push(...step.gives.map(() => command.commandId));
      expect(await sendByAll(command)).toMatchObject({ kind: 'outcome', outcome: { status: 'accepted', seq: causes.length } });
      onCommand();
    }
    return { entity: entity ?? '', causes };
  };

  it('applies nothing twice and loses nothing', async () => {
    let done = 0;
    let restart: Promise<void> | null = null;
    const lives = await Promise.all(
      Array.from({ length: NEEDS }, () =>
        live(() => {
          done += 1;
          if (done === (NEEDS * PLAN.length) / 2) restart = bench.stopWorker().then(() => bench.startWorker());
        }),
      ),
    );
    await restart;
    expect(done).toBe(NEEDS * PLAN.length);
    for (const { entity, causes } of lives) {
      const records = await eventually('the whole stream', async () => {
        const found = await bench.store.stream(entity);
        return found.length >= EVENTS.length && found;
      });
      expect(records.map((record) => openRecord(record).commandId)).toEqual(causes);
      expect(records.map(({ type }) => type)).toEqual(EVENTS);
      expect(records.map(({ seq }) => seq)).toEqual(causes.map((_, i) => i + 1));
    }
    expect(await verifyLedger(bench.store)).toMatchObject({ ok: true, records: NEEDS * EVENTS.length });
    const { entity } = lives[0]!;
    await eventually(
      'many runs of it to be listed: it did continue as new',
      async () => (await bench.client.workflow.count(`WorkflowId = "need-${entity}"`)).count > 10,
    );
  }, 400_000);

  it('answers two hundred commands at once on one need, and others keep their pace', async () => {
    const gateway = bench.gateway({ inFlightPerEntity: 8 });
    const [crowded, quiet] = await Promise.all([needInWorks(gateway), needInWorks(gateway)]);
    const crowd = Promise.all(Array.from({ length: 200 }, () => gateway.execute(commandOf(PROGRESS, crowded), WAIT_MS)));
    for (let i = 0; i < 5; i += 1) {
      expect(await gateway.execute(commandOf(PROGRESS, quiet), WAIT_MS)).toMatchObject({ outcome: { status: 'accepted' } });
    }
    const outcomes = (await crowd).map((answer) => (answer.kind === 'outcome' ? answer.outcome.status : answer.kind));
    expect(outcomes).toEqual(Array.from({ length: 200 }, () => 'accepted'));
  }, 120_000);
});
