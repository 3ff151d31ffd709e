import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import type { OutgoingMessage, Publisher } from './event-bus';

/**
 * Connects with the first send, and after a send that failed with a producer of its own: kafkajs does not get over a
 * broker that took the connection and then was silent; every later send of that producer fails without a word to the broker.
 */
export class KafkajsPublisher implements Publisher {
  private connecting: Promise<Producer> | null = null;

  constructor(private readonly kafka: Kafka) {}

  async send(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const connecting = (this.connecting ??= this.connect());
    try {
      await (await connecting).send({ topic, acks: -1, messages: messages.map(toKafka) });
    } catch (error) {
      if (this.connecting === connecting) {
        this.connecting = null;
        void quietly(connecting);
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connecting !== null) await quietly(this.connecting);
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      idempotent: false,
    });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }
}

/** Lets go of a producer that failed, or never came to be. */
const quietly = async (connecting: Promise<Producer>): Promise<void> => {
  try {
    await (await connecting).disconnect();
  } catch {
    // it is gone already, which is all that was wanted
  }
};

const toKafka = ({ key, value, headers }: OutgoingMessage) => ({ key, value, ...(headers ? { headers: { ...headers } } : {}) });
