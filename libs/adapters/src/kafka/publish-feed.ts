import type { OutgoingMessage, Publisher } from './event-bus';
import { eventTopicOf } from '@qiyue/engine';
import { toCloudEvent, type Positioned } from '@qiyue/engine-runtime';

/** Well under the broker's limit for one batch of one partition, and every message of a send may share a partition. */
const SEND_BYTES_MAX = 500_000;

/** Sends a batch in order of position: one request in flight, split so that no partition's share grows too large. */
export const publishWith = async (publisher: Publisher, batch: readonly Positioned[]): Promise<void> => {
  for (const { topic, messages } of sendsOf(batch)) await publisher.send(topic, messages);
};

/** Pure: neighbours of one topic together, up to the size limit. */
export const sendsOf = (batch: readonly Positioned[]): readonly { readonly topic: string; readonly messages: readonly OutgoingMessage[] }[] => {
  const sends: { topic: string; messages: OutgoingMessage[]; bytes: number }[] = [];
  for (const { position, document } of batch) {
    const topic = eventTopicOf(document.aggregate);
    const message = {
      key: document.entity,
      value: JSON.stringify(toCloudEvent(document, position)),
      headers: { 'content-type': 'application/cloudevents+json' },
    };
    const bytes = Buffer.byteLength(message.value);
    const open = sends.at(-1);
    if (open && open.topic === topic && open.bytes + bytes <= SEND_BYTES_MAX) {
      open.messages.push(message);
      open.bytes += bytes;
    } else sends.push({ topic, messages: [message], bytes });
  }
  return sends;
};
