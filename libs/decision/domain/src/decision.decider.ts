import type { Decider, Summary } from '@qiyue/engine';
import type { DecisionCommand } from './decision.commands';
import { decide, isPermitted } from './decision.decide';
import type { DecisionEvent } from './decision.events';
import { evolve } from './decision.evolve';
import { decisionLabels } from './decision.labels';
import type { DecisionRefusal } from './decision.refusals';
import { isAt, nonexistent, OVER_STAGES, owedFenOf, statusOf, type DecisionState } from './decision.state';
import { nextDue } from './rules/clock.rules';

const summary = (state: DecisionState): Summary =>
  state.stage === 'nonexistent' ? { stage: null, status: null } : { stage: state.stage, status: statusOf(state, owedFenOf(state)) };

/** What is over waits until the last of its money is spent or given back, and what was drawn too much is paid back. */
const isFinal = (state: DecisionState): boolean => isAt(state, OVER_STAGES) && state.reservations.length === 0 && owedFenOf(state) === 0;

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const DECISION_RULES = 2;

/** What owners decide together about what they share, and how their money is used for it, for the engine. */
export const decisionDecider: Decider<DecisionState, DecisionCommand, DecisionEvent, DecisionRefusal> = {
  aggregate: 'decision',
  rules: DECISION_RULES,
  /** Owners vote for themselves: records name persons by pseudonyms from the first version on. */
  aliasSince: 1,
  startsWith: 'open',
  initial: nonexistent,
  decide,
  isPermitted,
  evolve,
  due: nextDue,
  isFinal,
  summary,
  labels: decisionLabels,
};
