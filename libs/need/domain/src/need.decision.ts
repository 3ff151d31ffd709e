import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { Do, NeedCommand, NeedCommandType } from './need.commands';
import type { NeedEvent } from './need.events';
import type { NeedRefusal } from './need.refusals';
import type { At, NeedState } from './need.state';

export type NeedDecision = Decision<NeedEvent, NeedRefusal>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. */
export type Rule<T extends NeedCommandType, S extends NeedState['stage']> = (command: Do<T>, state: At<S>, context: Context) => NeedDecision;

export const wrongStage = (command: NeedCommand, state: NeedState): NeedDecision =>
  refuse('wrong-stage', { command: command.type, stage: state.stage, ...('status' in state ? { status: state.status } : {}) });

/** The schemas at the edge refuse such a body first; `field` names what does not fit. */
export const invalidBody = (field: string): NeedDecision => refuse('invalid-body', { field });
