import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { ContractCommand, ContractCommandType, Do, Side } from './contract.commands';
import type { ContractEvent } from './contract.events';
import type { ContractRefusal } from './contract.refusals';
import type { At, ContractState } from './contract.state';

export type ContractDecision = Decision<ContractEvent, ContractRefusal>;
export type Refused = Extract<ContractDecision, { ok: false }>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. `side`: the actor's; timers, which have none, do not look at it. */
export type Rule<T extends ContractCommandType, S extends ContractState['stage']> = (
  command: Do<T>,
  state: At<S>,
  context: Context,
  side: Side,
) => ContractDecision;

export const wrongStage = (command: ContractCommand, { stage }: ContractState): ContractDecision =>
  refuse('wrong-stage', { command: command.type, stage });

/** The schemas at the edge refuse most of these first; `field` names what does not fit. */
export const invalidBody = (field: string): Refused => refuse('invalid-body', { field }) as Refused;
