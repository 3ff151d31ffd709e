import { commandTopicOf, deadLetterTopicOf, eventTopicOf } from '@qiyue/engine';
import { AUDIT_TOPIC, CHECKPOINT_TOPIC, receiptTopicOf } from '@qiyue/audit';

/** Where events go that nobody can apply. */
export const deadEventTopicOf = (aggregate: string): string => `${eventTopicOf(aggregate)}.dead`;

/** Every topic that our processes write to or read. Made by `qiyue up`, or by the set-up of a cluster; never by a client. */
export const topicsOf = (aggregates: readonly string[]): readonly string[] => [
  ...aggregates.flatMap((aggregate) => [
    commandTopicOf(aggregate),
    eventTopicOf(aggregate),
    deadLetterTopicOf(aggregate),
    deadEventTopicOf(aggregate),
    receiptTopicOf(aggregate),
  ]),
  AUDIT_TOPIC,
  CHECKPOINT_TOPIC,
];

/** The aggregate that a topic is of; null for one of another form. */
export const aggregateOfTopic = (topic: string): string | null => /^qiyue\.([a-z-]+)\./.exec(topic)?.[1] ?? null;
