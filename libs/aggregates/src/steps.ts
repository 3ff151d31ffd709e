import type { EventShape, Json, Reaction, ReactionCommand, SagaStep } from '@qiyue/engine';

/** A command to an entity of another kind, as a saga or a reaction gives it. */
export type Step = Omit<SagaStep, 'starts'> & ReactionCommand;

/** `data`: as the command of that type has it, which the kinds' own functions see to. */
export const stepTo = (aggregate: string, entity: string, type: string, data: object): Step => ({
  ...{ aggregate, entity, type },
  data: data as { readonly [key: string]: Json },
});

/** A reaction by the types of the events that it is on, and those events. */
export interface ReactionOn<T extends string, E extends EventShape> extends Omit<Reaction, 'on' | 'commands'> {
  readonly on: readonly T[];
  readonly commands: (event: E, record: Parameters<Reaction['commands']>[1]) => ReturnType<Reaction['commands']>;
}

/** Forgets the event's type: it is only given those that it is on. */
export const anyReaction = <T extends string, E extends EventShape>(reaction: ReactionOn<T, E>): Reaction => reaction as unknown as Reaction;
