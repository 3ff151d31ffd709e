import { describe, expect, it, jest } from '@jest/globals';
import type { CommandShape, Context, SagaPlan } from '@qiyue/engine';
import type { AnySaga } from '@qiyue/engine-runtime';
import { firstWrong } from '../saga/first-wrong';
import { simulate, type Planted } from './simulation';

jest.setTimeout(1_800_000);

/** How many lives are tried, and the first of them. */
const SEEDS = Number(process.env['SEEDS'] ?? 300);
const FROM = Number(process.env['FROM'] ?? 1);
const PLANTED_SEEDS = 2_000;

type Plan = ReturnType<AnySaga['plan']>;
/** The saga of a type with its plan changed. */
const withPlan =
  (type: string, change: (plan: SagaPlan, command: CommandShape, context: Context) => Plan) =>
  (saga: AnySaga): AnySaga =>
    saga.type !== type
      ? saga
      : {
          ...saga,
          plan: (command, state, context, aside) => {
            const plan = saga.plan(command, state, context, aside);
            return plan === null || !('before' in plan) ? plan : change(plan, command, context);
          },
        };
const without =
  (name: string): Planted['reactions'] & object =>
  (reactions) =>
    reactions.filter((reaction) => reaction.name !== name);
const renamed = (steps: readonly (SagaPlan['before'][number] | null)[], reservationId: string) =>
  steps.map((step) => step && { ...step, data: { ...step.data, reservationId } });

const PLANTS: readonly (readonly [what: string, planted: Planted])[] = [
  ['a reservation is not taken back', { saga: withPlan('fund', (plan) => ({ ...plan, undo: [] })) }],
  ['what was spent is not committed', { reactions: without('commit-funds') }],
  ['money of works that were cancelled is not released', { reactions: without('release-funds') }],
  ['what owners paid for is not committed', { reactions: without('commit-owners-funds') }],
  ['owners’ money of works that were cancelled is not released', { reactions: without('release-owners-funds') }],
  ['a reservation is called by its need alone', { saga: withPlan('fund', byNeedAlone) }],
  ['less is given back before the need has said so', { saga: withPlan('adjust-funding', lessBefore), reactions: without('reduce-funds') }],
];

describe('the money of needs and units in a storm of crashes, lost answers, late reactions and commands beside them', () => {
  it(`adds up at every seq, is held by funded needs alone and spent once, ${SEEDS} times`, async () => {
    expect(await firstWrong(SEEDS, simulate, FROM)).toBeNull();
  });

  it.each(PLANTS)('shows it when %s', async (_what, planted) => {
    expect(await firstWrong(PLANTED_SEEDS, (seed) => simulate(seed, planted))).not.toBeNull();
  });
});

function byNeedAlone(plan: SagaPlan, _: CommandShape, { entity }: Context): Plan {
  const reservation = { ...(plan.data?.['reservation'] as object), reservationId: entity };
  return { ...plan, before: renamed(plan.before, entity), undo: renamed(plan.undo, entity), data: { ...plan.data, reservation } } as Plan;
}

function lessBefore(plan: SagaPlan, { data }: CommandShape): Plan {
  const { deltaFen } = data as { readonly deltaFen: number };
  const reservation = plan.data?.['reservation'] as
    { unitYearId: string; reservationId: string; departmentFen: number; revision: number } | undefined;
  if (deltaFen > 0 || reservation === undefined) return plan;
  const { unitYearId: entity, reservationId, departmentFen, revision } = reservation;
  const to = (amountFen: number, at: number) => ({
    aggregate: 'unit-year',
    entity,
    type: 'resize',
    data: { reservationId, amountFen, revision: at },
  });
  return { ...plan, before: [to(departmentFen, revision)], undo: [to(departmentFen - deltaFen, revision - 1)] };
}
