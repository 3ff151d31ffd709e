import { deadlineInterceptors, observedWorkflow as observed } from '@qiyue/engine-workflow';

export { deadlineInterceptors };

/** The planted change, in the place of the engine's own: whatever a kind decides, the last event of it is lost. */
export const observedWorkflow = (decider: Parameters<typeof observed>[0]): ReturnType<typeof observed> =>
  observed({
    ...decider,
    decide: (command, state, context) => {
      const decision = decider.decide(command, state, context);
      return decision.ok && state !== decider.initial ? { ...decision, events: decision.events.slice(0, -1) } : decision;
    },
  });
