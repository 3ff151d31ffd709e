import type { Decider, Summary } from '@qiyue/engine';
import type { ContractCommand } from './contract.commands';
import { decide, isPermitted } from './contract.decide';
import type { ContractEvent } from './contract.events';
import { evolve } from './contract.evolve';
import { contractLabels } from './contract.labels';
import type { ContractRefusal } from './contract.refusals';
import { nonexistent, statusOf, type ContractState } from './contract.state';
import { nextDue } from './rules/clock.rules';

const summary = (state: ContractState): Summary =>
  state.stage === 'nonexistent' ? { stage: null, status: null } : { stage: state.stage, status: statusOf(state) };

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const CONTRACT_RULES = 2;

/** What a unit and a community have agreed on for a year, for the engine. */
export const contractDecider: Decider<ContractState, ContractCommand, ContractEvent, ContractRefusal> = {
  aggregate: 'contract',
  rules: CONTRACT_RULES,
  startsWith: 'propose',
  initial: nonexistent,
  decide,
  isPermitted,
  evolve,
  due: nextDue,
  isFinal: ({ stage }) => stage === 'closed',
  summary,
  labels: contractLabels,
};
