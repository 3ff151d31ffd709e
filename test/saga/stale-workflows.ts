import * as wf from '@temporalio/workflow';
import type { CommandShape, Decider, EventShape, ShellInput } from '@qiyue/engine';
import { entityWorkflow, STATE_QUERY } from '@qiyue/engine-workflow';
import { orderDecider } from './order.decider';
import { purseDecider } from './purse.decider';

/** As a worker of before runs it: it does not say what the entity is. */
const stale = <S, C extends CommandShape, E extends EventShape, R extends string>(decider: Decider<S, C, E, R>) => {
  const run = entityWorkflow(decider);
  return async (input: ShellInput<S>): Promise<void> => {
    const running = run(input);
    wf.setHandler(STATE_QUERY, undefined);
    await running;
  };
};

export const order = stale(orderDecider);
export const purse = stale(purseDecider);
