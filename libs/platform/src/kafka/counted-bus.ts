import { processMetrics, type ProcessMetrics } from '../process/process-metrics';
import type { EventBus, OutgoingMessage, Publisher } from './event-bus';

type Counters = Pick<ProcessMetrics, 'messages' | 'batchRetries'>;

/** A bus whose reader's messages are counted: handled, dead, and batches that come again. */
export const countedBus = (bus: EventBus, group: string, { messages: counted, batchRetries }: Counters = processMetrics()): EventBus => ({
  publisher: () => countingDead(bus.publisher(), (count) => counted.inc({ group, outcome: 'dead' }, count)),
  subscribe: (options, handle) =>
    bus.subscribe(options, async (messages, alive) => {
      try {
        await handle(messages, alive);
      } catch (error) {
        batchRetries.inc({ group });
        throw error;
      }
      counted.inc({ group, outcome: 'handled' }, messages.length);
    }),
});

const countingDead = (publisher: Publisher, count: (messages: number) => void): Publisher => ({
  send: async (topic: string, messages: readonly OutgoingMessage[]) => {
    await publisher.send(topic, messages);
    if (topic.endsWith('.dead')) count(messages.length);
  },
  close: () => publisher.close(),
});
