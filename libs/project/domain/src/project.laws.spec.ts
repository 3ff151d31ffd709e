import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { laterOf, plusMs, type Context } from '@qiyue/engine';
import { livesToTry, TEST_CONTEXT } from '@qiyue/engine-testing';
import fc from 'fast-check';
import { NEED_STAGES, projectDecider, SAYING_NOTHING_NEW, type ProjectCommand, type ProjectEvent, type ProjectState } from './index';
import { clock, COMMAND_TYPES, evolve, lakeside, LATER, NOW, please, rightActorFor, roads, system, TABLES, water } from './testing/project.fixtures';

const RUNS = livesToTry(20_000);
const needId = fc.constantFrom('n1', 'n2', 'n3');
const reservation = fc.constantFrom('v1', 'v2', 'v3').map((reservationId) => ({ resourceId: 'r1', reservationId }));
const needMoved = fc
  .tuple(needId, fc.constantFrom(...NEED_STAGES, 'evaluated' as const, 'evaluated' as const))
  .map(([id, stage]) => please('need-moved', { needId: id, stage }));
const milestone = fc
  .tuple(fc.constantFrom('a', 'b'), fc.constantFrom(undefined, undefined, '2024-07-15', '2024-07-19'))
  .map(([title, dueOn]) => please('milestone', { title, ...(dueOn === undefined ? {} : { dueOn }) }));
const command: fc.Arbitrary<ProjectCommand> = fc.oneof(
  { arbitrary: needMoved, weight: 8 },
  { arbitrary: needId.map((id) => please('add-need', { needId: id })), weight: 2 },
  { arbitrary: reservation.map((one) => please('add-resource', { ...one, from: NOW, to: plusMs(NOW, 1) })), weight: 2 },
  { arbitrary: reservation.map((one) => please('resource-moved', { ...one, end: 'freed' })), weight: 1 },
  { arbitrary: milestone, weight: 2 },
  { arbitrary: fc.constantFrom(...COMMAND_TYPES).map((type) => please(type)), weight: 3 },
  { arbitrary: fc.constant(please('tick')), weight: 3 },
);
const steps = fc.array(fc.tuple(command, fc.boolean(), fc.constantFrom(0, 0, 1, 200)), { minLength: 5, maxLength: 40, size: 'max' });
const ACTORS = [water, roads, lakeside, system];

/** What the events of a project come to, counted apart from the rules' state. */
class Count {
  readonly needs = new Map<string, string>();
  readonly held = new Set<string>();
  stage = 'nonexistent';

  take({ type, data }: ProjectEvent): void {
    if (type === 'NeedAdded') {
      ok(!this.needs.has(data.needId), `${data.needId} twice`);
      this.needs.set(data.needId, 'submitted');
    }
    if (type === 'NeedMoved') this.needs.set(data.needId, data.stage);
    if (type === 'ResourceAdded') this.held.add(data.reservationId);
    if (type === 'ResourceLeft') this.held.delete(data.reservationId);
    if (type === 'ProjectFinished' || type === 'ProjectCancelled') {
      deepEqual(new Set(data.reservations.map(({ reservationId }) => reservationId)), this.held, 'what is let go is what was held');
      this.held.clear();
    }
    const stage = {
      ProjectPlanned: 'planned',
      ProjectStarted: 'under-way',
      ProjectReopened: 'under-way',
      ProjectFinished: 'finished',
      ProjectCancelled: 'cancelled',
    };
    this.stage = (stage as Readonly<Record<string, string>>)[type] ?? this.stage;
  }

  /** Nobody is at work in a finished project. */
  check(): void {
    const working = [...this.needs.values()].filter((stage) => ['submitted', 'claimed', 'funded', 'started'].includes(stage));
    if (this.stage === 'finished') deepEqual(working, []);
    if (this.stage === 'planned') ok(![...this.needs.values()].some((stage) => stage === 'started'), 'works have begun in a project that is planned');
  }
}

describe('whatever commands come in whatever order', () => {
  it('a project is where its needs are, lets go once of what it holds, replays to the same, and nothing throws', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(steps, (given) => {
        const count = new Count();
        const history: ProjectEvent[] = [];
        let [state, now]: [ProjectState, string] = [projectDecider.initial, NOW];
        for (const [i, [asked, isRight, hours]] of [[please('plan'), true, 0] as const, ...given].entries()) {
          now = plusMs(now, hours * 3_600_000);
          const due = asked.type === 'tick' && isRight ? projectDecider.due(state, { rules: 1 }) : null;
          const what = due?.command ?? asked;
          now = due === null ? now : laterOf(due.at, now);
          const actor = due !== null ? clock : isRight ? rightActorFor(what) : (ACTORS[i % ACTORS.length] ?? water);
          const context: Context = { ...TEST_CONTEXT, commandId: `c${i}`, actor, now, tables: what.type === 'retime' ? LATER : TABLES };
          const decision = projectDecider.decide(what, state, context);
          seen.add(`${what.type}: ${decision.ok ? (decision.events.at(-1)?.type ?? '–') : decision.refusal.code}`);
          if (!decision.ok) continue;
          if (decision.events.length === 0 && actor.role !== 'system') ok((SAYING_NOTHING_NEW as readonly string[]).includes(what.type), what.type);
          if (due !== null) ok(decision.events.length > 0, `nothing happens at ${due.at}`);
          for (const event of decision.events) {
            state = evolve(state, event);
            history.push(event);
            count.take(event);
          }
          count.check();
          equal(state.stage, count.stage);
        }
        deepEqual(history.reduce(evolve, projectDecider.initial), state);
      }),
      { numRuns: RUNS, seed: 20_240_620 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['need-moved: ProjectReopened', 'need-moved: ProjectFinished', 'finish: ProjectFinished', 'finish: needs-open', 'close: ProjectClosed'],
        ...['cancel: ProjectCancelled', 'tick: Escalated', 'retime: DeadlineMoved', 'milestone: MilestoneReached', 'add-need: –'],
      ]),
    );
  }, 120_000);
});
