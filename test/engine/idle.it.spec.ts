import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMAND_UPDATE_NAME, workflowIdOf, type CommandAnswer } from '@qiyue/engine';
import { anyDecider, Incidents, type Command, type CommandGateway } from '@qiyue/engine-runtime';
import { needPlan } from '@qiyue/campaign';
import { needDecider } from '@qiyue/need-domain';
import { EngineBench, bundleOf, commandFor, eventually, type Who } from '@qiyue/testkit';

const WAIT_MS = 20_000;
/** Longer than a lazy flush, and than a flush in vain pauses at first. */
const WATCHED_MS = 8_000;
const need = anyDecider(needDecider);
const PLAN = needPlan(1);
const STRANGER: Who = { actor: 'stranger', role: 'resident' };

const actorOf = ({ actor, role, unit }: Who) => ({ id: actor, role, unit: unit ?? null });

/** Every place of the plan × the next command accepted, or refused (to a stranger) × its answer appended by the caller, or left to the worker. */
const CASES = PLAN.slice(1).flatMap(({ command }, i) =>
  [true, false].flatMap((isAccepted) => [true, false].map((byCaller) => ({ place: i + 1, command, isAccepted, byCaller }))),
);

type Case = (typeof CASES)[number];
type Needs = Awaited<ReturnType<typeof needsUnder>>;

/** Needs under so many workers. */
const needsUnder = async (workers: number) => {
  const bench = await EngineBench.create({ deciders: [need], bundle: await bundleOf(require.resolve('@qiyue/workflows-need')) });
  for (let i = 0; i < workers; i += 1) await bench.startWorker();
  const gateway: CommandGateway = bench.gateway();
  const handleOf = (entity: string) => bench.client.workflow.getHandle(workflowIdOf('need', entity));

  const led = async (upTo: number): Promise<string> => {
    let entity: string | null = null;
    for (const { command, body, as } of PLAN.slice(0, upTo)) {
      const sent: Command = commandFor(need, command, body as Command['data'], { ...(entity === null ? {} : { entity }), actor: actorOf(as) });
      ({ entity } = sent);
      expect(await gateway.execute(sent, WAIT_MS)).toMatchObject({ outcome: { status: 'accepted' } });
    }
    return entity ?? '';
  };
  const given = async ({ place, command, isAccepted, byCaller }: Case): Promise<string> => {
    const entity = await led(place);
    // The gateway of another process: what it knows of this need is what it reads.
    const step = PLAN[place]!;
    const sent = commandFor(need, command, step.body as Command['data'], { entity, actor: actorOf(isAccepted ? step.as : STRANGER) });
    if (byCaller) await bench.gateway().execute(sent, WAIT_MS);
    else {
      const { aggregate: _a, starts: _s, ...envelope } = sent;
      await handleOf(entity).executeUpdate<CommandAnswer, [typeof envelope]>(COMMAND_UPDATE_NAME, { updateId: sent.commandId, args: [envelope] });
    }
    return entity;
  };
  const historyOf = async (entity: string): Promise<number> => (await handleOf(entity).describe()).historyLength;
  const openFlushes = async (entity: string): Promise<number> =>
    (await handleOf(entity).query<{ readonly unconfirmed: number }, []>('standing')).unconfirmed;
  return { workers, bench, given, historyOf, openFlushes };
};

describe('needs that nobody touches any more, with one worker and with two', () => {
  let all: readonly Needs[] = [];
  beforeAll(async () => {
    for (const workers of [1, 2]) all = [...all, await needsUnder(workers)];
  }, 60_000);
  afterAll(async () => void (await Promise.all(all.map(({ bench }) => bench.close()))));

  /** Both are watched at once. */
  it('come to rest after every command, and their histories do not grow', async () => {
    const entities: (Case & { readonly needs: Needs; readonly entity: string })[] = [];
    for (const needs of all) entities.push(...(await Promise.all(CASES.map(async (one) => ({ ...one, needs, entity: await needs.given(one) })))));
    await eventually(
      'all flushes to be confirmed',
      async () => (await Promise.all(entities.map(({ needs, entity }) => needs.openFlushes(entity)))).every((unconfirmed) => unconfirmed === 0),
      40_000,
    );
    const lengths = () => Promise.all(entities.map(({ needs, entity }) => needs.historyOf(entity)));
    const before = await lengths();
    const untilMs = Date.now() + WATCHED_MS;
    await eventually('the time of watching to pass', () => Date.now() > untilMs, WATCHED_MS + 5_000);
    const after = await lengths();
    const grown = entities.filter((_, i) => after[i] !== before[i]).map(({ needs, ...one }) => ({ ...one, workers: needs.workers }));
    expect(grown).toEqual([]);
    for (const { bench } of all) expect((await new Incidents(bench.db).counts())['flush-stuck']).toBe(0);
  }, 180_000);
});
