import { Partitioners, type Consumer, type Kafka, type Producer } from 'kafkajs';
import { fromCloudEvent, RecordsRefused, toCloudEvent, type Positioned, type ReceivedRecord } from '@qiyue/engine-runtime';

const TOO_LARGE = 'MESSAGE_TOO_LARGE';

/** One request in flight, so that what is sent again never overtakes what was sent behind it. */
export const producerOf = (kafka: Kafka): Producer =>
  kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false, maxInFlightRequests: 1 });

/**
 * What the relay asks of a publisher: all of the batch, in this order, kept by every in-sync replica. A batch that is too large is
 * `RecordsRefused`: the relay then sends its parts. Any other failure is a server that is away, and the batch comes again.
 */
export const publishTo = (producer: Producer, topic: string) => async (batch: readonly Positioned[]) => {
  const messages = batch.map(({ position, document }) => ({ key: document.entity, value: JSON.stringify(toCloudEvent(document, position)) }));
  try {
    await producer.send({ topic, acks: -1, messages });
  } catch (error) {
    throw (error as { readonly type?: unknown }).type === TOO_LARGE ? new RecordsRefused(TOO_LARGE) : error;
  }
};

/** Hands on what the topic holds, in order per loan. An offset is kept when `handle` is through; a failure gives the message again. */
export const follow = async (consumer: Consumer, topic: string, handle: (records: readonly ReceivedRecord[]) => Promise<void>): Promise<void> => {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const received = fromCloudEvent(message.value?.toString() ?? null);
      if (received.ok) await handle([received.record]);
      else console.error(`${topic}, offset ${message.offset}: ${received.why}`); // a dead letter, in a program that lives on
    },
  });
};
