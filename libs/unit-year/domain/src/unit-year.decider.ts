import type { Decider, Summary } from '@qiyue/engine';
import { nextDue } from './rules/clock.rules';
import type { UnitYearCommand } from './unit-year.commands';
import { decide, isPermitted } from './unit-year.decide';
import type { UnitYearEvent } from './unit-year.events';
import { evolve } from './unit-year.evolve';
import { unitYearLabels } from './unit-year.labels';
import type { UnitYearRefusal } from './unit-year.refusals';
import { nonexistent, statusOf, type UnitYearState } from './unit-year.state';

const summary = (state: UnitYearState): Summary =>
  state.stage === 'nonexistent' ? { stage: null, status: null } : { stage: state.stage, status: statusOf(state) };

/** A closed year waits until the last of its money is spent or given back. */
const isFinal = (state: UnitYearState): boolean => state.stage === 'closed' && state.reservations.length === 0;

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const UNIT_YEAR_RULES = 2;

/** What a department promised for a year and what it may spend in it, for the engine. */
export const unitYearDecider: Decider<UnitYearState, UnitYearCommand, UnitYearEvent, UnitYearRefusal> = {
  aggregate: 'unit-year',
  rules: UNIT_YEAR_RULES,
  startsWith: 'open',
  initial: nonexistent,
  decide,
  isPermitted,
  evolve,
  due: nextDue,
  isFinal,
  summary,
  labels: unitYearLabels,
};
