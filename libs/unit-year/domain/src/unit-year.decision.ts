import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { Do, UnitYearCommand, UnitYearCommandType } from './unit-year.commands';
import type { UnitYearEvent } from './unit-year.events';
import type { UnitYearRefusal } from './unit-year.refusals';
import type { At, UnitYearState } from './unit-year.state';

export type UnitYearDecision = Decision<UnitYearEvent, UnitYearRefusal>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. */
export type Rule<T extends UnitYearCommandType, S extends UnitYearState['stage']> = (
  command: Do<T>,
  state: At<S>,
  context: Context,
) => UnitYearDecision;

export const wrongStage = (command: UnitYearCommand, { stage }: UnitYearState): UnitYearDecision =>
  stage === 'closed' ? refuse('closed', { command: command.type }) : refuse('wrong-stage', { command: command.type, stage });

/** The schemas at the edge refuse such a body first; `field` names what does not fit. */
export const invalidBody = (field: string): UnitYearDecision => refuse('invalid-body', { field });
