import { workflowTypeOf } from '@qiyue/engine';
import type { AnyAggregate } from './aggregate';

export interface WorkflowModules {
  /** Where `@qiyue/engine-workflow` lies. */
  readonly engine: string;
  /** Modules whose workflows are exported beside those of the entities. */
  readonly beside?: readonly string[];
  /** As a replay runs them, which no worker may: what they did leaves the sandbox. */
  readonly isObserved?: boolean;
}

/**
 * The source of the module that workflows are bundled from: one workflow for each aggregate, of its decider alone. Nothing else of a definition gets
 * into the sandbox.
 */
export const workflowEntryOf = (aggregates: readonly AnyAggregate[], { engine, beside = [], isObserved = false }: WorkflowModules): string =>
  [
    `const engine = require(${JSON.stringify(engine)});`,
    ...aggregates.map(
      ({ decider, deciderModule: { path, name } }) =>
        `exports.${workflowTypeOf(decider.aggregate)} = engine.${isObserved ? 'observedWorkflow' : 'entityWorkflow'}(require(${JSON.stringify(path)}).${name});`,
    ),
    ...(isObserved ? ['exports.interceptors = engine.deadlineInterceptors;'] : []),
    ...beside.map((path) => `Object.assign(exports, require(${JSON.stringify(path)}));`),
    '',
  ].join('\n');
