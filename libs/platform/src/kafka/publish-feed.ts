import type { OutgoingMessage, Publisher } from './event-bus';
import { eventTopicOf } from '@qiyue/engine';
import { RecordsRefused, toCloudEvent, type Positioned } from '@qiyue/engine-runtime';
import { refusalOf } from './refusal-of';

/** Well under the broker's limit for one batch of one partition, and every message of a send may share a partition. */
const SEND_BYTES_MAX = 500_000;

interface Send {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
}

/**
 * Sends a batch in order of position: one request in flight, split so that no partition's share grows too large. Rejects with
 * `RecordsRefused` or `AnswerUnclear` when it is not, or may not be, the server that is to blame.
 */
export const publishWith = async (publisher: Publisher, batch: readonly Positioned[]): Promise<void> => {
  for (const { topic, messages } of sendsOf(batch)) {
    try {
      await publisher.send(topic, messages);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }
};

/** Pure: neighbours of one topic together, up to the size limit. Throws `RecordsRefused` for a record that makes no message. */
export const sendsOf = (batch: readonly Positioned[]): readonly Send[] => {
  const sends: { topic: string; messages: OutgoingMessage[]; bytes: number }[] = [];
  for (const positioned of batch) {
    const { topic, message } = messageOf(positioned);
    const bytes = Buffer.byteLength(message.value);
    const open = sends.at(-1);
    if (open && open.topic === topic && open.bytes + bytes <= SEND_BYTES_MAX) {
      open.messages.push(message);
      open.bytes += bytes;
    } else sends.push({ topic, messages: [message], bytes });
  }
  return sends;
};

/** Whatever a record holds that cannot be read or written is its own fault, never a reason to stop. */
const messageOf = ({ position, document }: Positioned): { readonly topic: string; readonly message: OutgoingMessage } => {
  try {
    const value = JSON.stringify(toCloudEvent(document, position));
    const topic = eventTopicOf(document.aggregate);
    return { topic, message: { key: document.entity, value, headers: { 'content-type': 'application/cloudevents+json' } } };
  } catch {
    throw new RecordsRefused('unreadable');
  }
};
