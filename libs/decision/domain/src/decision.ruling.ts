import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { DecisionCommand, DecisionCommandType, Do } from './decision.commands';
import type { DecisionEvent } from './decision.events';
import type { DecisionRefusal } from './decision.refusals';
import { OVER_STAGES, type At, type DecisionState } from './decision.state';

/** What the rules say to a command: not to be taken for the owners' decision that it is about. */
export type Ruling = Decision<DecisionEvent, DecisionRefusal>;
export type Refused = Extract<Ruling, { ok: false }>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. */
export type Rule<T extends DecisionCommandType, S extends DecisionState['stage']> = (command: Do<T>, state: At<S>, context: Context) => Ruling;

export const wrongStage = (command: DecisionCommand, { stage }: DecisionState): Refused =>
  OVER_STAGES.some((over) => over === stage)
    ? refuse('closed', { command: command.type, stage })
    : refuse('wrong-stage', { command: command.type, stage });

/** The schemas at the edge refuse such a body first; `field` names what does not fit. */
export const invalidBody = (field: string): Refused => refuse('invalid-body', { field });
