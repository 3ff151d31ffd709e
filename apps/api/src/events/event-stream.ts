import { once } from 'node:events';
import type { Response } from 'express';
import { toCloudEvent, type FeedReader, type Positioned } from '@qiyue/engine-runtime';
import { withoutPlainContact } from '../needs/visible';
import type { FeedHead } from './feed-head';

const BATCH = 100;
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 2_000;

export interface StreamOptions {
  /** The last position that the reader has. */
  readonly after: number;
  /** False: without what only some may see. */
  readonly isWhole: boolean;
  readonly endsAtMs: number;
  /** Aborted when the reader has gone or the process stops. */
  readonly gone: AbortSignal;
}

/**
 * Server-sent events from the feed. Contract: in order of position, each once per connection; no more is read than the
 * reader takes; a connection ends with the token, with the process and with a feed that cannot be read, and the reader
 * comes back with the last id it saw.
 */
export class EventStream {
  constructor(
    private readonly feed: Pick<FeedReader, 'after'>,
    private readonly head: Pick<FeedHead, 'beyond'>,
  ) {}

  async pour(res: Response, { after, isWhole, endsAtMs, gone }: StreamOptions): Promise<void> {
    res.write(`retry: ${RETRY_MS}\n\n`);
    let position = after;
    while (!gone.aborted && Date.now() < endsAtMs) {
      const batch = await this.feed.after(position, BATCH);
      for (const positioned of batch) {
        if (gone.aborted) return;
        await write(res, textOf(positioned, isWhole), gone);
        position = positioned.position;
      }
      if (batch.length > 0) continue;
      const waitedSinceMs = Date.now();
      await this.head.beyond(position, Math.min(HEARTBEAT_MS, endsAtMs - waitedSinceMs), gone);
      if (Date.now() - waitedSinceMs >= HEARTBEAT_MS) await write(res, ': still here\n\n', gone);
    }
  }
}

const textOf = ({ position, document }: Positioned, isWhole: boolean): string => {
  const event = toCloudEvent(document, position);
  const data = isWhole ? null : withoutPlainContact(event.data);
  const visible = data === null ? event : { ...event, data, redacted: 'contact' };
  return `id: ${position}\ndata: ${JSON.stringify(visible)}\n\n`;
};

/** Waits while the reader is slow, so that nothing piles up here. */
const write = async (res: Response, text: string, gone: AbortSignal): Promise<void> => {
  if (res.write(text) || gone.aborted) return;
  await once(res, 'drain', { signal: gone }).catch(() => undefined);
};
