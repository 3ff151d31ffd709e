import * as wf from '@temporalio/workflow';
import type { CommandShape, Decider, EntityCarry, EventShape } from '@qiyue/engine';
import { entityWorkflow } from './entity-workflow';

/** Where a replay hands out what an entity was: with everything that was not confirmed. */
export interface ReplaySinks extends wf.Sinks {
  readonly replay: { entity(carry: EntityCarry<unknown>): void };
}

/** The same workflow, for replaying its histories: what it was in the end leaves the sandbox by a sink. Never run by a worker. */
export const observedWorkflow = <S, C extends CommandShape, E extends EventShape, R extends string>(decider: Decider<S, C, E, R>) => {
  const { replay } = wf.proxySinks<ReplaySinks>();
  return entityWorkflow(decider, (entity) => replay.entity(entity.pack()));
};
