import * as wf from '@temporalio/workflow';
import { typeInLabel, type CommandShape, type Decider, type EntityCarry, type EventShape, type OutboxEntry } from '@qiyue/engine';
import { entityWorkflow, type Observer } from './entity-workflow';

/** A timer that a run set for the entity's next due. */
export interface DeadlineTimer {
  /** Its name in the history. */
  readonly id: string;
  readonly ms: number;
  /** The due command's. */
  readonly type: string;
  /** Where the entity stood. */
  readonly seq: number;
}

/** Where a replay hands out what an entity did, and what it was: with everything that was not confirmed. */
export interface ReplaySinks extends wf.Sinks {
  readonly replay: {
    /** Whatever may have moved the entity has: all it is. */
    entity(carry: EntityCarry<unknown>): void;
    /** A command or timer was handled. */
    handled(entry: OutboxEntry): void;
    /** A timer was set for the next due. */
    deadline(timer: DeadlineTimer): void;
  };
}

/** The entity of this run: each run has modules of its own. */
let observed: Parameters<Observer<unknown>['moved']>[0] | null = null;

/** The same workflow, for replaying its histories: what it did and was leaves the sandbox by a sink. Never run by a worker. */
export const observedWorkflow = <S, C extends CommandShape, E extends EventShape, R extends string>(decider: Decider<S, C, E, R>) => {
  const { replay } = wf.proxySinks<ReplaySinks>();
  return entityWorkflow(decider, {
    moved: (entity) => {
      observed = entity;
      replay.entity(entity.pack());
    },
    handled: (entry) => replay.handled(entry),
  });
};

/**
 * Exported as `interceptors` beside observed workflows: hands out the timers that they set for deadlines, by the names that a history gives
 * them. Temporal does not compare how long a replayed timer waits.
 */
export const deadlineInterceptors: wf.WorkflowInterceptorsFactory = () => {
  const { replay } = wf.proxySinks<ReplaySinks>();
  return {
    outbound: [
      {
        startTimer: (input, next) => {
          const type = observed?.due()?.command.type;
          if (observed !== null && type !== undefined && type === typeInLabel(input.options?.summary ?? ''))
            replay.deadline({ id: String(input.seq), ms: input.durationMs, type, seq: observed.seq });
          return next(input);
        },
      },
    ],
  };
};
