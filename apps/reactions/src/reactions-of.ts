import type { AnyAggregate } from '@qiyue/aggregate';
import type { ReactingAggregate } from '@qiyue/engine-runtime';

/** What this process knows of a kind of entity: what follows from its events, and whether one that it starts runs on calendar and policy. */
export type Reacting = ReactingAggregate & Pick<AnyAggregate, 'deadlines'>;

/** Every kind of entity: one that reacts to nothing may be reacted with. */
export const reactionsOf = (aggregates: readonly AnyAggregate[]): readonly Reacting[] =>
  aggregates.map(({ reactions = [], ...aggregate }) => ({ ...aggregate, reactions }));
