import { deepEqual, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { laterOf, plusMs, type Context } from '@qiyue/engine';
import { livesToTry, TEST_CONTEXT } from '@qiyue/engine-testing';
import fc from 'fast-check';
import { isUsedUp, resourceDecider, SAYING_NOTHING_NEW, type ResourceCommand, type ResourceEvent, type ResourceState } from './index';
import { at, centre, clock, evolve, lakeside, NOW, please, roads, saga, water } from './testing/resource.fixtures';

const RUNS = livesToTry(20_000);
const ACTORS = [water, roads, lakeside, centre, saga] as const;

const id = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6');
const hour = fc.integer({ min: 0, max: 20 });
const span = fc
  .tuple(hour, fc.integer({ min: 0, max: 8 }))
  .map(([from, length]) => ({ from: at(1, 4 + (from % 8)), to: at(1, 4 + (from % 8) + length) }));
const reserve = fc
  .tuple(id, span, fc.integer({ min: 0, max: 4 }), fc.boolean())
  .map(([reservationId, { from, to }, quantity, isForProject]) =>
    please('reserve', { reservationId, from, to, quantity, ...(isForProject ? { projectId: 'p1' } : {}) }),
  );
const command: fc.Arbitrary<ResourceCommand> = fc.oneof(
  { arbitrary: reserve, weight: 6 },
  {
    arbitrary: fc
      .tuple(id, fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }))
      .map(([reservationId, quantity]) => please('use', { reservationId, ...(quantity === undefined ? {} : { quantity }) })),
    weight: 3,
  },
  { arbitrary: id.map((reservationId) => please('free', { reservationId })), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 6 }).map((quantity) => please('change', { quantity })), weight: 1 },
  { arbitrary: hour.map((h) => please('change', { to: at(1, 10 + (h % 14)) })), weight: 1 },
  { arbitrary: fc.constant(please('expire')), weight: 1 },
  { arbitrary: fc.constant(please('withdraw')), weight: 1 },
);
const kind = fc.constantFrom('people', 'equipment', 'place', 'materials', 'money' as const);
const life = fc.record({
  kind,
  quantity: fc.integer({ min: 1, max: 5 }),
  steps: fc.array(fc.tuple(command, fc.nat(ACTORS.length - 1), fc.constantFrom(0, 0, 0, 1, 3)), { minLength: 5, maxLength: 40, size: 'max' }),
});

/** How much there is, and how much of it is promised or gone: counted from the events alone, without the rules' state. */
class Count {
  private readonly held = new Map<string, { readonly from: string; readonly to: string; readonly quantity: number }>();
  private quantity = 0;
  private gone = 0;

  constructor(private readonly isConsumed: boolean) {}

  take(event: ResourceEvent): void {
    const { type, data } = event;
    if (type === 'ResourceOffered' || type === 'ResourceChanged') this.quantity = data.quantity ?? this.quantity;
    if (type === 'ResourceReserved') this.held.set(data.reservationId, data);
    if (type === 'ReservationFreed' || (type === 'ReservationUsed' && this.isConsumed)) this.held.delete(data.reservationId);
    if (type === 'ReservationUsed' && this.isConsumed) this.gone += data.quantity;
  }

  /** The most at any instant from `now` on: what has been cannot be promised any more, and an offer can become less behind it. */
  check(now: string): void {
    const all = [...this.held.values()].filter(({ to }) => this.isConsumed || to > now);
    const instants = [now, ...all.map(({ from }) => from).filter((from) => from > now)];
    for (const instant of instants) {
      const there = this.isConsumed ? all : all.filter(({ from, to }) => from <= instant && instant < to);
      const promised = there.reduce((sum, { quantity }) => sum + quantity, this.gone);
      ok(promised <= this.quantity, `${promised} of ${this.quantity} at ${instant}`);
    }
  }
}

describe('whatever commands come in whatever order', () => {
  it('never is more promised than there is, at any instant; what is accepted replays to the same, and nothing throws', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(life, ({ kind: of, quantity, steps }) => {
        const offer = please('offer', { kind: of, name: 'x', quantity });
        const count = new Count(isUsedUp({ kind: of }));
        const history: ResourceEvent[] = [];
        let [state, now]: [ResourceState, string] = [resourceDecider.initial, NOW];
        for (const [i, [given, who, hours]] of [[offer, 0, 0] as const, ...steps].entries()) {
          now = plusMs(now, hours * 3_600_000);
          const due = given.type === 'expire' ? resourceDecider.due(state, { rules: 1 }) : null;
          const context: Context = {
            ...TEST_CONTEXT,
            commandId: `c${i}`,
            actor: given.type === 'expire' ? clock : (ACTORS[who] ?? water),
            now: due === null ? now : laterOf(due.at, now),
          };
          now = context.now;
          const decision = resourceDecider.decide(given, state, context);
          seen.add(decision.ok ? `${given.type}: ${decision.events[0]?.type ?? '–'}` : `${given.type}: ${decision.refusal.code}`);
          if (!decision.ok) continue;
          if (decision.events.length === 0 && context.actor.role !== 'system') ok((SAYING_NOTHING_NEW as readonly string[]).includes(given.type));
          for (const event of decision.events) {
            state = evolve(state, event);
            history.push(event);
            count.take(event);
          }
          count.check(now);
        }
        deepEqual(history.reduce(evolve, resourceDecider.initial), state);
      }),
      { numRuns: RUNS, seed: 20_240_620 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(['reserve: taken', 'reserve: ResourceReserved', 'reserve: –', 'use: ReservationUsed', 'change: promised']),
    );
  }, 120_000);
});
