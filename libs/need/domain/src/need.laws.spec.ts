import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { instantMsOf } from '@qiyue/engine';
import fc from 'fast-check';
import { dueAtOf, NEED_REFUSAL_CODES, NEED_RULES, needDecider, type NeedEvent, type NeedState } from './index';
import { clock, NOW } from './testing/need.fixtures';
import { nextOf, STEPS_MAX, stepOf } from './testing/need.walk';

const RUNS = 20_000;
/** The walk goes under the newest rules. */
const evolve = (state: NeedState, event: NeedEvent): NeedState => needDecider.evolve(state, event, { rules: NEED_RULES });
const step = fc.nat(STEPS_MAX);

/** What must hold of one need, whatever happens to it. Kept apart from the decider: counted from events alone. */
class Witness {
  private lead: string | null = null;
  private funded = false;
  private round = 1;
  private count = 0;

  sees(event: NeedEvent, state: NeedState): void {
    this.count += 1;
    if (this.count === 1) equal(event.type, 'NeedSubmitted');
    switch (event.type) {
      case 'NeedSubmitted':
        return void equal(this.count, 1);
      case 'NeedClaimed':
        equal(this.lead, null);
        this.lead = event.data.unit;
        return;
      case 'ClaimReturned':
        equal(event.data.unit, this.lead);
        this.lead = null;
        return;
      case 'NeedFunded':
        notEqual(this.lead, null);
        equal(this.funded, false);
        equal(event.data.amountFen > 0, event.data.source !== 'rework');
        this.funded = true;
        return;
      case 'WorksStarted':
      case 'WorksReported':
      case 'NeedDone':
        return void equal(this.funded, true);
      case 'WorksCancelled':
        equal(this.funded, true);
        this.funded = false;
        return void equal(event.data.unit, this.lead);
      case 'NeedReopened':
        this.round += 1;
        this.funded = false;
        deepEqual([event.data.unit, event.data.round], [this.lead, this.round]);
        return;
      default:
        return void equal('lead' in state ? state.lead : null, this.lead);
    }
  }
}

const viaJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('any sequence of commands', () => {
  it(`leads to what its recorded events fold to, without a throw, in ${RUNS} lives`, () => {
    const seen = { places: new Set<string>(), events: new Set<string>(), refusals: new Set<string>(), silent: new Set<string>() };
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 45, size: 'max' }), (steps) => {
        let [live, folded, now]: [NeedState, NeedState, string] = [needDecider.initial, needDecider.initial, NOW];
        const witness = new Witness();
        for (const one of steps) {
          const { command, context } = nextOf(live, stepOf(one), now);
          now = context.now;
          const decision = needDecider.decide(command, live, context);
          if (!decision.ok) {
            seen.refusals.add(decision.refusal.code);
            continue;
          }
          if (needDecider.isFinal(live)) equal(decision.events.length, 0);
          if (decision.events.length === 0 && context.actor.role !== 'system') seen.silent.add(command.type);
          for (const event of decision.events) {
            live = evolve(live, event);
            folded = viaJson(evolve(folded, viaJson(event)));
            witness.sees(event, live);
            seen.events.add(event.type);
          }
          equal(JSON.stringify(folded), JSON.stringify(live));
          if (live.stage !== 'unborn') seen.places.add(`${live.stage}/${live.status}`);
        }
      }),
      { numRuns: RUNS, seed: 20_240_701 },
    );
    expect([...seen.places].sort()).toEqual(RESTING_PLACES);
    // What people ask for has happened when it is accepted; a merge's own steps come again.
    expect([...seen.silent].filter((type) => type !== 'adopt' && type !== 'unadopt')).toEqual([]);
    expect([...seen.events].sort()).toEqual(EVERY_EVENT);
    expect([...seen.refusals].sort()).toEqual(EVERY_REFUSAL);
  }, 120_000);

  it('never leaves a due that its own command does not move', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        let [state, now]: [NeedState, string] = [needDecider.initial, NOW];
        for (const one of steps) {
          const { command, context } = nextOf(state, stepOf(one), now);
          now = context.now;
          const decision = needDecider.decide(command, state, context);
          if (decision.ok) state = decision.events.reduce(evolve, state);
          const due = needDecider.due(state, { rules: NEED_RULES });
          if (due === null) continue;
          const fired = needDecider.decide(due.command, state, { ...context, actor: clock, now: due.at });
          expect(fired).toMatchObject({ ok: true });
          if (fired.ok) expect(needDecider.due(fired.events.reduce(evolve, state), { rules: NEED_RULES })).not.toEqual(due);
        }
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  it('binds somebody by a deadline until the need is evaluated or ended, and the date is real', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        let [state, now]: [NeedState, string] = [needDecider.initial, NOW];
        for (const one of steps) {
          const { command, context } = nextOf(state, stepOf(one), now);
          now = context.now;
          const decision = needDecider.decide(command, state, context);
          if (decision.ok) state = decision.events.reduce(evolve, state);
          const isRunning = ['submitted', 'claimed', 'funded', 'done'].includes(state.stage);
          const hasDate = Number.isFinite(instantMsOf(dueAtOf(state) ?? ''));
          if (isRunning && context.now < '2026-11-01') ok(hasDate); // the calendar ends with 2026
          if (!isRunning) equal(dueAtOf(state), null);
        }
      }),
      { numRuns: 1_000, seed: 11 },
    );
  });
});

describe('a corrupt stream', () => {
  it('is noticed by evolve instead of being folded to something', () => {
    const submitted = {
      type: 'NeedSubmitted',
      data: { author: { id: 'a', role: 'resident', unit: null }, community: 'c', claimBy: NOW },
    } as unknown as NeedEvent;
    const funded = { type: 'NeedFunded', data: { amountFen: 1, doneBy: NOW } } as unknown as NeedEvent;
    const unknown = { type: 'NeedForgotten', data: {} } as unknown as NeedEvent;
    expect(() => evolve(needDecider.initial, funded)).toThrow('corrupt stream: NeedFunded in unborn');
    expect(() => [submitted, submitted].reduce(evolve, needDecider.initial)).toThrow('corrupt stream: NeedSubmitted in submitted');
    expect(() => [submitted, funded].reduce(evolve, needDecider.initial)).toThrow('corrupt stream: NeedFunded in submitted');
    expect(() => evolve(needDecider.initial, unknown)).toThrow('unreachable');
  });
});

/** Every status that a command can leave a need in, so each of them is reachable. */
const RESTING_PLACES = [
  'claimed/planned',
  'claimed/reopened',
  'done/awaiting-evaluations',
  'done/one-side-evaluated',
  'evaluated/closed',
  'evaluated/open-to-reopen',
  'funded/at-acceptance',
  'funded/reworking',
  'funded/waiting-to-start',
  'funded/working',
  'merged/ended',
  'rejected/ended',
  'submitted/inspected',
  'submitted/waiting',
  'withdrawn/ended',
];
const EVERY_EVENT = [
  'ClockPaused',
  'ClockResumed',
  'ContactShared',
  'ContractSigned',
  'DeadlineApproaching',
  'DeadlineMissed',
  'DeadlineMoved',
  'Escalated',
  'EvaluationLapsed',
  'HelperJoined',
  'ExtensionDenied',
  'ExtensionGranted',
  'ExtensionRequested',
  'WhistleBlown',
  'ClaimReturned',
  'CommunityEvaluated',
  'NeedAdopted',
  'NeedAmended',
  'NeedClaimed',
  'NeedClosed',
  'NeedDone',
  'NeedEvaluated',
  'NeedFunded',
  'NeedInspected',
  'NeedMerged',
  'NeedRejected',
  'NeedReopened',
  'NeedSubmitted',
  'NeedUnadopted',
  'NeedWithdrawn',
  'ProgressReported',
  'ResidentEvaluated',
  'FundingAdjusted',
  'WorksCancelled',
  'WorksRefused',
  'WorksReported',
  'WorksStarted',
  'DecisionAwaited',
  'DecisionNoted',
  'ProjectJoined',
  'ProjectLeft',
  'UnitReportedIn',
  'VolunteerReportedIn',
  'NeedDispatched',
  'NeedCorrected',
  'UrgencyConfirmed',
].sort();
/** All refusals of the rules but those of a unit's year and what the fixed bodies of the walk cannot meet. */
const NOT_ON_THIS_WALK = [
  'decision-failed',
  'over-plan',
  'no-budget',
  'year-closed',
  'funds-unavailable',
  'lead-changed',
  'same-need',
  'no-deadline',
];
const EVERY_REFUSAL = NEED_REFUSAL_CODES.filter((code) => !NOT_ON_THIS_WALK.includes(code)).sort();
