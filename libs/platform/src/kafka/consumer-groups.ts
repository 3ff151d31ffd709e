import { commandTopicOf, eventTopicOf } from '@qiyue/engine';

export interface ConsumerGroup {
  readonly group: string;
  readonly topic: string;
}

export const intakeGroupOf = (aggregate: string): string => `qiyue.intake.${aggregate}`;
export const projectionGroupOf = (model: string): string => `qiyue.projections.${model}`;
export const NOTIFICATIONS_GROUP = 'qiyue.notifications';
export const REACTIONS_GROUP = 'qiyue.reactions';

/** What of an aggregate decides who reads its topics. */
export interface ReadAggregate {
  readonly decider: { readonly aggregate: string };
  readonly model: { readonly name: string };
  readonly keyedModels?: readonly { readonly name: string; readonly sources: readonly { readonly aggregate: string }[] }[];
  readonly reactions?: readonly unknown[];
}

/** Everybody who reads a topic of ours. */
export const consumerGroupsOf = (aggregates: readonly ReadAggregate[]): readonly ConsumerGroup[] =>
  aggregates.flatMap(({ decider: { aggregate }, model, keyedModels = [], reactions = [] }) => [
    { group: intakeGroupOf(aggregate), topic: commandTopicOf(aggregate) },
    { group: projectionGroupOf(model.name), topic: eventTopicOf(aggregate) },
    ...keyedModels.flatMap(({ name, sources }) =>
      sources.map((source) => ({ group: projectionGroupOf(name), topic: eventTopicOf(source.aggregate) })),
    ),
    { group: NOTIFICATIONS_GROUP, topic: eventTopicOf(aggregate) },
    ...(reactions.length === 0 ? [] : [{ group: REACTIONS_GROUP, topic: eventTopicOf(aggregate) }]),
  ]);
