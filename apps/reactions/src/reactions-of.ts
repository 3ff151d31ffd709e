import type { AnyAggregate } from '@qiyue/aggregate';
import type { ReactingAggregate } from '@qiyue/engine-runtime';

/** Every kind of entity, with what follows from its events: one that reacts to nothing may be reacted with. */
export const reactionsOf = (aggregates: readonly AnyAggregate[]): readonly ReactingAggregate[] =>
  aggregates.map(({ decider, reactions = [] }) => ({ decider, reactions }));
