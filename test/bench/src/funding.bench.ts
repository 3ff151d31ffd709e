import { yearOf } from '@qiyue/civic-domain';
import { sagaQueueOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import {
  anyDecider,
  EntityLooks,
  KeptPlans,
  SagaPerformer,
  SagaRunner,
  SagaRuns,
  type AnySaga,
  type Command,
  type GatewayAnswer,
} from '@qiyue/engine-runtime';
import { aggregatesWith } from '@qiyue/aggregates';
import { NEED_RULES } from '@qiyue/need-domain';
import { bundleOf, commandFor, EngineBench } from '@qiyue/testkit';
import { unitYearDecider, unitYearIdOf } from '@qiyue/unit-year-domain';
import { compare, timed, together, type BenchResult, type Measured } from './measure';
import { claimedNeed, DEPARTMENT, must, NEED, UNIT } from './needs';

const YEAR = anyDecider(unitYearDecider);
const CENTRE: Actor = { id: 'centre-1', role: 'centre', unit: null };
const WAIT_MS = 30_000;
/** Far more than is funded. */
const BUDGET_FEN = 1_000_000_000;

/** A funding over two streams, from the asking to the answer, beside the same command with a donation, which is one stream's. Both take turns. */
export const fundingBench = async (slices: number, each: number): Promise<BenchResult> => {
  const sagas = aggregatesWith(undefined).flatMap((aggregate) => (aggregate.sagas ?? []).map(({ saga }) => saga as AnySaga));
  const engine = await EngineBench.create({ deciders: [NEED, YEAR], bundle: await bundleOf(require.resolve('./subjects/workflows')), sagas });
  try {
    await engine.startWorker();
    await engine.followLog();
    const gateway = engine.gateway();
    const looks = new EntityLooks(engine.client, engine.store, [NEED, YEAR]);
    const runs = new SagaRuns(engine.client, engine.store, { taskQueue: sagaQueueOf(engine.taskQueue) });
    const rules = { active: (aggregate: string) => (aggregate === 'need' ? NEED_RULES : 1) };
    const performer = new SagaPerformer({ gateway, plans: new KeptPlans(engine.store), sagas });
    const runner = new SagaRunner({ gateway, log: engine.log, looks, runs, sagas, performer, rules });
    const asked = { unit: UNIT, year: yearOf(toShanghaiIso(Date.now())) };
    const year = unitYearIdOf(asked);
    await must(gateway, commandFor(YEAR, 'open', asked, { actor: CENTRE, entity: year }));
    await must(gateway, commandFor(YEAR, 'set-budget', { amountFen: BUDGET_FEN, reference: 'F-1' }, { actor: CENTRE, entity: year }));
    const [ours, bound]: [Measured[], Measured[]] = [[], []];
    const slice = async (source: 'department' | 'donation', into: Measured[]): Promise<void> => {
      const needs = await Promise.all(Array.from({ length: each }, () => claimedNeed(gateway)));
      into.push(await timed(1, each, async (_, turn) => accepted(await runner.execute(fund(needs[turn] ?? '', source), WAIT_MS))));
    };
    for (let turn = 0; turn <= slices; turn += 1) {
      await slice('donation', turn === 0 ? [] : bound); // the first warms both
      await slice('department', turn === 0 ? [] : ours);
    }
    return compare('funding@1', 'commands/s', together(ours), together(bound));
  } finally {
    await engine.close();
  }
};

const fund = (entity: string, source: 'department' | 'donation'): Command => ({
  ...commandFor(NEED, 'fund', { amountFen: 1_000, source, reference: 'B-1' }, { entity, actor: DEPARTMENT }),
  rules: NEED_RULES,
});

const accepted = (answer: GatewayAnswer): void => {
  if (answer.kind !== 'outcome' || answer.outcome.status !== 'accepted') throw new Error(`bench: not funded: ${JSON.stringify(answer)}`);
};
