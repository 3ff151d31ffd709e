import { once } from 'node:events';
import type { Response } from 'express';
import { toCloudEvent, type FeedReader, type Positioned } from '@qiyue/engine-runtime';
import { withoutPlainContact } from '../needs/visible';
import type { FeedHead } from './feed-head';

const BATCH = 100;
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 2_000;
/** How long a reader may take nothing at all before it is cut: what is held for it is held for nobody. */
const STALLED_MS = 30_000;
/** How old the look may be that said that the token, key or session still counts. */
const CHECK_EVERY_MS = 10_000;

export interface StreamOptions {
  /** The last position that the reader has. */
  readonly after: number;
  /** False: without what only some may see. */
  readonly isWhole: boolean;
  readonly endsAtMs: number;
  /** Aborted when the reader has gone or the process stops. */
  readonly gone: AbortSignal;
  /** False once what the reader has shown is worth nothing any more: revoked, logged out. Left out: it lasts until `endsAtMs`. */
  readonly isStillGood?: () => Promise<boolean>;
}

/** Why a stream ended. */
export type StreamEnd = 'gone' | 'token-ended' | 'revoked' | 'stalled';

export interface StreamPace {
  readonly stalledMs: number;
  readonly checkEveryMs: number;
}

/**
 * Server-sent events from the feed. Contract: in order of position, each once per connection; no more is read than the
 * reader takes; a connection ends with the token, with its revocation, with the process, with a feed that cannot be read and with a reader
 * that takes nothing for half a minute. Each event begins with its id, and half an event counts for nothing to a reader, so whoever
 * was cut comes back with the last id that it saw and misses nothing.
 */
export class EventStream {
  constructor(
    private readonly feed: Pick<FeedReader, 'after'>,
    private readonly head: Pick<FeedHead, 'beyond'>,
    private readonly pace: StreamPace = { stalledMs: STALLED_MS, checkEveryMs: CHECK_EVERY_MS },
  ) {}

  async pour(res: Response, { after, isWhole, endsAtMs, gone, isStillGood = always }: StreamOptions): Promise<StreamEnd> {
    res.write(`retry: ${RETRY_MS}\n\n`);
    let [position, checkedMs] = [after, Date.now()];
    for (;;) {
      if (gone.aborted) return Date.now() < endsAtMs ? 'gone' : 'token-ended';
      if (Date.now() >= endsAtMs) return 'token-ended';
      if (Date.now() - checkedMs >= this.pace.checkEveryMs) {
        if (!(await isStillGood())) return 'revoked';
        checkedMs = Date.now();
      }
      const batch = await this.feed.after(position, BATCH);
      for (const positioned of batch) {
        if (gone.aborted) break;
        if (!(await this.write(res, textOf(positioned, isWhole), gone))) return 'stalled';
        position = positioned.position;
      }
      if (batch.length > 0) continue;
      const waitedSinceMs = Date.now();
      const waitMs = Math.min(HEARTBEAT_MS, this.pace.checkEveryMs, endsAtMs - waitedSinceMs);
      await this.head.beyond(position, waitMs, gone);
      if (Date.now() - waitedSinceMs >= HEARTBEAT_MS && !(await this.write(res, ': still here\n\n', gone))) return 'stalled';
    }
  }

  /** Waits while the reader is slow, so that nothing piles up here. False when it took nothing for too long. */
  private async write(res: Response, text: string, gone: AbortSignal): Promise<boolean> {
    if (res.write(text) || gone.aborted) return true;
    const late = AbortSignal.timeout(this.pace.stalledMs);
    await once(res, 'drain', { signal: AbortSignal.any([gone, late]) }).catch(() => undefined);
    return gone.aborted || !late.aborted || !res.writableNeedDrain;
  }
}

const always = (): Promise<boolean> => Promise.resolve(true);

const textOf = ({ position, document }: Positioned, isWhole: boolean): string => {
  const event = toCloudEvent(document, position);
  const data = isWhole ? null : withoutPlainContact(event.data);
  const visible = data === null ? event : { ...event, data, redacted: 'contact' };
  return `id: ${position}\ndata: ${JSON.stringify(visible)}\n\n`;
};
