import { deepEqual, equal } from 'node:assert/strict';
import { expect, it } from '@jest/globals';
import { stepId } from '@qiyue/civic-domain';
import { statusOf, type ContractCommand } from '@qiyue/contract-domain';
import { canonicalJson, type Actor } from '@qiyue/engine';
import fc from 'fast-check';
import { foldContractView, type ContractView } from './index';
import { cora, proposedLife, retimer, TABLES, water } from './testing/contract.life';

type Step = readonly [Actor, ContractCommand];
const CORRECTED = { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') } };
const sides = [
  ['unit', water],
  ['community', cora],
] as const;
const reason = 'r';

const STEPS: readonly Step[] = [
  ...sides.flatMap(([side, actor]): Step[] => [
    [actor, { type: 'sign', data: {} }],
    [actor, { type: 'sign', data: {} }],
    [
      actor,
      {
        type: 'amend',
        data: {
          items: [
            { itemId: 'i2', title: 'Lectures', kind: 'service' },
            { title: 'Films', kind: 'service' },
          ],
          reason,
        },
      },
    ],
    [actor, { type: 'amend', data: { endsOn: '2024-10-31', duties: { community: [], unit: ['come'] }, reason } }],
    [actor, { type: 'agree-amendment', data: {} }],
    [actor, { type: 'agree-amendment', data: {} }],
    [actor, { type: 'decline-amendment', data: { reason } }],
    ...['i1', 'i2', 'i3'].map((itemId): Step => [actor, { type: 'finish-item', data: { itemId } }]),
    ...['i1', 'i2', 'i3'].map((itemId): Step => [actor, { type: 'evaluate', data: { side, score: 4, itemId } }]),
    [actor, { type: 'evaluate', data: { side, score: 2, comment: 'c' } }],
  ]),
  [water, { type: 'terminate', data: { reason } }],
  [cora, { type: 'withdraw', data: { reason } }],
  [retimer, { type: 'retime', data: {} }],
];
const WAITS = STEPS.length;

it('a document says of terms, signatures and deadlines what the entity knows of them, after every command', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.nat(WAITS + 4), { minLength: 10, maxLength: 60, size: 'max' }), (picks) => {
      const life = proposedLife();
      let [view, folded]: [ContractView | null, number] = [null, 0];
      for (const pick of picks) {
        const step = STEPS[pick];
        if (step === undefined) life.waits();
        else if (step[1].type === 'retime') life.isBrought(CORRECTED, ...step);
        else life.does(...step);
        for (const record of life.records.slice(folded)) view = foldContractView(view, record);
        folded = life.records.length;
        const { state } = life;
        if (view === null || state.stage === 'nonexistent') throw new Error('it was never proposed');
        places.add(`${state.stage}/${statusOf(state)}`);
        deepEqual([view.stage, view.status], [state.stage, statusOf(state)]);
        deepEqual([view.duties, view.endsOn, view.endsAt], [state.duties, state.endsOn, state.endsAt]);
        deepEqual(
          view.items.map(({ itemId, title, finishedAt }) => [itemId, title, finishedAt !== null]),
          state.items.map(({ itemId, title }) => [itemId, title, state.finished.includes(itemId)]),
        );
        deepEqual(
          view.evaluations.map(({ side, itemId }) => ({ side, itemId })),
          state.evaluated,
        );
        if (state.stage === 'proposed')
          deepEqual(
            view.signatures.map(({ side }) => side),
            state.signed,
          );
        if ('amendment' in state) equal(view.amendment?.side, state.amendment?.side);
        const clock = 'clock' in state ? state.clock : null;
        equal(view.dueAt, 'dueAt' in state ? state.dueAt : null);
        deepEqual(
          view.itemClocks.map(({ stage, dueAt }) => [stage, dueAt]),
          state.stage === 'in-force' ? state.itemClocks.map(({ itemId, clock: { schedule } }) => [itemId, schedule.dueAt]) : [],
        );
        deepEqual(
          view.clock?.steps.flatMap((one) => (one.firedAt === null ? [] : [stepId(one)])).sort() ?? null,
          clock === null ? null : clock.fired.filter((id) => clock.schedule.steps.some((one) => stepId(one) === id)).toSorted(),
        );
      }
      const again = life.records.reduce<ContractView | null>(foldContractView, null);
      equal(canonicalJson(again as never), canonicalJson(view as never));
    }),
    { numRuns: 300, seed: 20_240_620 },
  );
  expect([...places].sort()).toEqual([
    ...['closed/evaluated', 'closed/lapsed', 'closed/terminated', 'closed/unsigned', 'closed/withdrawn', 'evaluating/awaiting-evaluations'],
    ...['in-force/running', 'in-force/under-notice', 'proposed/awaiting-second-signature', 'proposed/awaiting-signatures'],
  ]);
}, 120_000);
