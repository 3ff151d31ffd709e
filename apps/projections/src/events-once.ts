import { LRUCache } from 'lru-cache';
import { readEvent } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';

/** In characters of the messages: what the models of one process read at about the same time. */
const KEPT_LENGTH = 16_000_000;

type Received = ReturnType<typeof readEvent>;

/** Messages of the topics read once for all models of the process, each of which is handed them by a consumer of its own. */
export class EventsOnce {
  private readonly kept = new LRUCache<string, { readonly value: string; readonly received: Received }>({
    maxSize: KEPT_LENGTH,
    sizeCalculation: ({ value }) => value.length + 1,
  });

  read(message: IncomingMessage): Received {
    const { topic, partition, offset, value } = message;
    if (value === null) return readEvent(message);
    const place = `${topic}:${partition}:${offset}`;
    const kept = this.kept.get(place);
    if (kept?.value === value) return kept.received; // a topic that was made anew begins its offsets anew
    const received = readEvent(message);
    this.kept.set(place, { value, received });
    return received;
  }
}
