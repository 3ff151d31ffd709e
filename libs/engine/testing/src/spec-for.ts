import { deepStrictEqual } from 'node:assert/strict';
import type { CommandShape, Context, Decider, Decision, EventShape, Refusal } from '@qiyue/engine';

/** A context for tests: an instant, a nobody, no tables. Override what a rule reads. */
export const TEST_CONTEXT: Context = {
  now: '2024-07-01T08:00:00.000+08:00',
  actor: { id: 'nobody', role: 'none', unit: null },
  entity: 'entity-under-test',
  commandId: 'command-under-test',
  tables: {},
  rules: 1,
};

/** How a spec ends. Each throws `AssertionError` when the decision was another one. */
export interface Ends<E, R extends string> {
  /** Exactly these events, in this order. */
  then(...facts: readonly E[]): void;
  /** This code; with `detail`, exactly that detail too. */
  thenRefused(code: R, detail?: Refusal['detail']): void;
  /** Accepted, and nothing happened. */
  thenNothing(): void;
  /** Accepted, whatever happened: for a look into it. */
  thenAccepted(): readonly E[];
}

/**
 * given(past).when(command, context) and one of three ends: facts, a refusal, silence. No test framework inside.
 * `base` is the context of every decision; `when` overrides single fields of it.
 */
export const specFor =
  <S, C extends CommandShape, E extends EventShape, R extends string>(decider: Decider<S, C, E, R>, base: Partial<Context> = {}) =>
  (...past: readonly E[]) => ({
    /** The decision on a command, to be compared. */
    when: (command: C, context: Partial<Context> = {}): Ends<E, R> => {
      const state = foldOf(decider, past, base);
      return endsOf(decider.decide(command, state, { ...TEST_CONTEXT, ...base, ...context }));
    },
    /** What the past comes to. */
    thenState: (expected: S): void => deepStrictEqual(foldOf(decider, past, base), expected),
  });

const foldOf = <S, C extends CommandShape, E extends EventShape, R extends string>(
  decider: Decider<S, C, E, R>,
  past: readonly E[],
  { rules = TEST_CONTEXT.rules }: Partial<Context>,
): S => past.reduce((folded, event) => decider.evolve(folded, event, { rules }), decider.initial);

const endsOf = <E, R extends string>(decision: Decision<E, R>): Ends<E, R> => ({
  then: (...facts) => deepStrictEqual(decision, { ok: true, events: facts }),
  thenRefused: (code, detail) => {
    const { refusal, ...rest } = decision.ok ? { ...decision, refusal: null } : decision;
    const seen = detail === undefined && refusal !== null ? { code: refusal.code } : refusal;
    deepStrictEqual({ ...rest, refusal: seen }, { ok: false, refusal: detail === undefined ? { code } : { code, detail } });
  },
  thenNothing: () => deepStrictEqual(decision, { ok: true, events: [] }),
  thenAccepted: () => {
    const events = decision.ok ? decision.events : [];
    deepStrictEqual(decision, { ok: true, events });
    return events;
  },
});
