import { commandTopicOf, deadLetterTopicOf, eventTopicOf } from '@qiyue/engine';
import { AUDIT_TOPIC } from '../audit/facts';
import { CHECKPOINT_TOPIC } from '../evidence/kafka-witness';
import { RECEIPT_TOPIC } from '../reconcile/receipts';

/** Every topic that our processes write to or read. Made by `qiyue up`, or by the set-up of a cluster; never by a client. */
export const OUR_TOPICS: readonly string[] = [
  commandTopicOf('need'),
  eventTopicOf('need'),
  deadLetterTopicOf('need'),
  `${eventTopicOf('need')}.dead`,
  AUDIT_TOPIC,
  RECEIPT_TOPIC,
  CHECKPOINT_TOPIC,
];
