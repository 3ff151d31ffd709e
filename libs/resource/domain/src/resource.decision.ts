import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { Do, ResourceCommandType } from './resource.commands';
import type { ResourceEvent } from './resource.events';
import type { ResourceRefusal } from './resource.refusals';
import type { Resource } from './resource.state';

export type ResourceDecision = Decision<ResourceEvent, ResourceRefusal>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. */
export type Rule<T extends ResourceCommandType, S = Resource> = (command: Do<T>, state: S, context: Context) => ResourceDecision;

/** The schemas at the edge refuse such a body first; `field` names what does not fit. */
export const invalidBody = (field: string): ResourceDecision => refuse('invalid-body', { field });

/** Whole, and at most what money can be: money is counted in fen. */
export { isAmountFen as isQuantity } from '@qiyue/civic-domain';
