import { deepEqual, equal } from 'node:assert/strict';
import { expect, it } from '@jest/globals';
import { stepId } from '@qiyue/civic-domain';
import { canonicalJson, type Actor } from '@qiyue/engine';
import { availableFenOf, reservedFenOf, statusOf, type UnitYearCommand } from '@qiyue/unit-year-domain';
import fc from 'fast-check';
import { foldUnitYearView, type UnitYearView } from './index';
import { centre, cora, funding, openedLife, TABLES, water, WATERS } from './testing/unit-year.life';

type Step = readonly [Actor, UnitYearCommand];
const CORRECTED = { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') } };
const p = (n: number) => ({ pledgeId: `p${n}` });

const STEPS: readonly Step[] = [
  [centre, { type: 'open', data: WATERS }],
  [centre, { type: 'set-budget', data: { amountFen: 900, reference: 'r' } }],
  [centre, { type: 'adjust-budget', data: { deltaFen: -300, reason: 'r' } }],
  ...[1, 2, 3].map((n): Step => [funding, { type: 'reserve', data: { ...WATERS, reservationId: `r${n}`, needId: `n${n}`, amountFen: n * 100 } }]),
  ...[1, 2, 3].map((n): Step => [funding, { type: 'commit', data: { reservationId: `r${n}`, amountFen: n * 80 } }]),
  ...[1, 2, 3].map((n): Step => [funding, { type: 'release', data: { reservationId: `r${n}` } }]),
  [funding, { type: 'resize', data: { reservationId: 'r1', amountFen: 150 } }],
  ...[1, 2, 3].map((n): Step => [water, { type: 'pledge', data: { kind: n === 3 ? 'service' : 'tangible', title: 't' } }]),
  [water, { type: 'amend-pledge', data: { ...p(1), description: 'd' } }],
  [water, { type: 'withdraw-pledge', data: { ...p(4), reason: 'r' } }],
  ...[1, 2, 3].map((n): Step => [water, { type: 'link', data: { ...p(n), needId: `n${n}` } }]),
  [water, { type: 'unlink', data: p(2) }],
  [centre, { type: 'publish', data: {} }],
  [centre, { type: 'publish', data: {} }],
  ...[1, 2].map((n): Step => [cora, { type: 'contest', data: { ...p(n), reason: 'r' } }]),
  ...[true, false].map((upheld): Step => [centre, { type: 'settle', data: { ...p(1), upheld, reason: 'r' } }]),
  ...[1, 2, 3].map((n): Step => [
    funding,
    { type: 'fulfil-pledge', data: { needId: `n${n}`, kind: n === 3 ? 'service' : 'tangible', satisfied: true } },
  ]),
  [centre, { type: 'carry-over', data: { ...p(2), reason: 'r' } }],
  [centre, { type: 'close', data: {} }],
  [funding, { type: 'retime', data: {} }],
];
const WAITS = STEPS.length;

it('a document says of money, pledges and deadlines what the entity knows of them, after every command', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.nat(WAITS + 1), { minLength: 10, maxLength: 60, size: 'max' }), (picks) => {
      const life = openedLife();
      let [view, folded]: [UnitYearView | null, number] = [null, 0];
      for (const pick of picks) {
        const step = STEPS[pick];
        if (step === undefined) life.waits();
        else if (step[1].type === 'retime') life.isBrought(CORRECTED, ...step);
        else life.does(...step);
        for (const record of life.records.slice(folded)) view = foldUnitYearView(view, record);
        folded = life.records.length;
        const { state } = life;
        if (view === null || state.stage === 'nonexistent') throw new Error('it was never opened');
        places.add(`${state.stage}/${statusOf(state)}`);
        deepEqual([view.stage, view.status], [state.stage, statusOf(state)]);
        const { reference: _, ...budget } = view.budget;
        deepEqual(budget, {
          ...{ grantedFen: state.grantedFen, reservedFen: reservedFenOf(state) },
          ...{ committedFen: state.committedFen, availableFen: availableFenOf(state) },
        });
        deepEqual(
          view.reservations.map(({ since: _since, ...rest }) => rest),
          state.reservations,
        );
        deepEqual(
          view.pledges.map(({ pledgeId, kind, title, state: at, needId, contest }) => [
            pledgeId,
            kind,
            title,
            at,
            needId,
            contest?.settled !== undefined && contest?.settled !== null,
          ]),
          state.pledges.map(({ pledgeId, kind, title, state: at, needId, isSettled }) => [pledgeId, kind, title, at, needId, isSettled]),
        );
        const clock = 'clock' in state ? state.clock : null;
        equal(view.dueAt, 'dueAt' in state ? state.dueAt : null);
        deepEqual(
          view.clock?.steps.flatMap((one) => (one.firedAt === null ? [] : [stepId(one)])).sort() ?? null,
          clock === null ? null : clock.fired.filter((id) => clock.schedule.steps.some((one) => stepId(one) === id)).toSorted(),
        );
      }
      const again = life.records.reduce<UnitYearView | null>(foldUnitYearView, null);
      equal(canonicalJson(again as never), canonicalJson(view as never));
    }),
    { numRuns: 300, seed: 20_240_620 },
  );
  expect([...places].sort()).toEqual(['closed/ended', 'closed/settling', 'fulfilling/at-work', 'pledging/promising', 'published/matching']);
}, 120_000);
