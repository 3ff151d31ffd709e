import { deepEqual, equal, ok } from 'node:assert/strict';
import { expect, it } from '@jest/globals';
import { canonicalJson, type Actor } from '@qiyue/engine';
import { DEADLINE_STAGES, stepId } from '@qiyue/civic-domain';
import { clockOf, dueAtOf, needDecider, type NeedCommand, type NeedState } from '@qiyue/need-domain';
import fc from 'fast-check';
import { foldNeedView, waitsForOf, type NeedView } from './index';
import { ann, centre, cora, Life, retimer, TABLES, water } from './testing/need.life';

type Step = readonly [Actor, NeedCommand];
const evaluate = (actor: Actor, side: 'resident' | 'community', satisfied: boolean): Step => [
  actor,
  { type: 'evaluate', data: { side, score: 3, satisfied } },
];

const submit: Step = [
  ann,
  { type: 'submit', data: { title: 't', kind: 'service', items: [{ name: 'n', quantity: 1, unit: 'u' }], community: 'Lakeside' } },
];
const onTheClock: readonly Step[] = [
  [cora, { type: 'pause', data: { waitingFor: 'w' } }],
  [cora, { type: 'resume', data: {} }],
  [water, { type: 'request-extension', data: { workingDays: 3, reason: 'r' } }],
  [centre, { type: 'grant', data: {} }],
  [centre, { type: 'deny', data: { reason: 'r' } }],
  [retimer, { type: 'retime', data: {} }],
];
const CORRECTED = { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') } };

const STEPS: Readonly<Record<NeedState['stage'], readonly Step[]>> = {
  unborn: [submit],
  submitted: [
    [water, { type: 'claim', data: { unit: 'Water', plan: 'p' } }],
    [water, { type: 'claim', data: { unit: 'Water', plan: 'p', promisedBy: '2024-07-02T08:00:00.000+08:00' } }],
    [water, { type: 'claim', data: { unit: 'Water', plan: 'p', helpers: ['Roads'] } }],
    [cora, { type: 'inspect', data: { notes: 'n' } }],
    [ann, { type: 'amend', data: { title: 'T', location: null } }],
    [ann, { type: 'amend', data: { urgency: 'urgent' } }],
    [cora, { type: 'whistle', data: { units: ['Water'] } }],
    [retimer, { type: 'retime', data: {} }],
    [cora, { type: 'adopt', data: { from: 'n1', followers: ['pam'] } }],
    [cora, { type: 'unadopt', data: { from: 'n1' } }],
    [cora, { type: 'merge', data: { into: 'n2' } }],
    [cora, { type: 'reject', data: { reason: 'r' } }],
    [ann, { type: 'withdraw', data: { reason: 'r' } }],
  ],
  claimed: [
    [water, { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } }],
    [water, { type: 'return', data: { reason: 'r' } }],
    [cora, { type: 'adopt', data: { from: 'n3', followers: ['bo'] } }],
    [cora, { type: 'sign', data: {} }],
    ...onTheClock,
  ],
  funded: [
    ...onTheClock,
    [water, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }],
    [cora, { type: 'accept', data: {} }],
    [water, { type: 'start', data: {} }],
    [water, { type: 'progress', data: { note: 'n' } }],
    [cora, { type: 'refuse-works', data: { reason: 'r' } }],
  ],
  done: [evaluate(ann, 'resident', true), evaluate(cora, 'community', true), evaluate(ann, 'resident', false), evaluate(cora, 'community', false)],
  evaluated: [[cora, { type: 'reopen', data: { reason: 'r' } }]],
  rejected: [submit],
  withdrawn: [submit],
  merged: [submit],
};

const TIMED: ReadonlySet<string> = new Set(DEADLINE_STAGES);
const foldAll = (life: Life): NeedView | null => life.records.reduce<NeedView | null>(foldNeedView, null);
/** The same record as a consumer gets it: through text, in another place. */
const elsewhere = <T>(value: T): T => JSON.parse(canonicalJson(value)) as T;

it('stands where the decider stands after every record of any life, and folds to the same bytes again', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.nat(27_719), { maxLength: 30, size: 'max' }), (numbers) => {
      const life = new Life(numbers.length % 4 === 0 ? undefined : TABLES); // some are of before there were ladders
      let view: NeedView | null = null;
      for (const n of numbers) {
        const choices = STEPS[life.state.stage];
        const [actor, command] = choices[n % choices.length] as Step;
        if (n % 3 === 0 && n % 7 < 4) life.waits();
        else life.does(actor, command, command.type === 'retime' && n % 2 === 0 ? CORRECTED : undefined);
        for (const record of life.records.slice(view?.seq ?? 0)) view = foldNeedView(view, elsewhere(record));
        if (view === null || life.state.stage === 'unborn') continue;
        equal(`${view.stage}/${view.status}`, Object.values(needDecider.summary(life.state)).join('/'));
        equal(view.dueAt, dueAtOf(life.state));
        const clock = clockOf(life.state);
        equal(view.clock === null, clock === null);
        equal(view.clock?.paused?.since, clock?.paused?.since);
        deepEqual(view.clock?.extension, clock?.extension);
        const fired = view.clock?.steps.filter(({ firedAt }) => firedAt !== null) ?? [];
        for (const step of fired) ok(clock?.fired.includes(stepId(step)));
        equal(view.stages.filter(({ endedAt }) => endedAt === null).length, TIMED.has(view.stage) ? 1 : 0);
        equal(waitsForOf(view).length > 0, TIMED.has(view.stage));
        equal(view.unit, 'lead' in life.state ? life.state.lead : null);
        equal(view.round, life.state.round);
        equal(JSON.stringify(view.adopted), JSON.stringify(life.state.adopted));
        places.add(`${view.stage}/${view.status}`);
      }
      equal(JSON.stringify(foldAll(life)), JSON.stringify(view));
    }),
    { numRuns: 1_000, seed: 20_240_701 },
  );
  expect(places.size).toBe(15); // every status that a need can rest in
}, 120_000);
