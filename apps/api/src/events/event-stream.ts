import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import { toCloudEvent, type CloudEvent, type FeedReader, type Positioned } from '@qiyue/engine-runtime';
import type { Pseudonyms, Rename } from '@qiyue/privacy';
import type { FeedHead } from './feed-head';
import type { AnyAggregate } from '@qiyue/aggregate';
import { namingFor } from '../entities/persons';
import type { EventFilter } from './event-filter';
import { forCounty, forSubscriber } from './for-subscriber';

const BATCH = 100;
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 2_000;
const AT_ONCE_MS = 20;
const PASSED_OVER_MS = 500;
/** How long a reader may take nothing at all before it is cut: what is held for it is held for nobody. */
const STALLED_MS = 30_000;
/** How old the look may be that said that the token, key or session still counts. */
const CHECK_EVERY_MS = 10_000;

export interface StreamOptions {
  /** The last position that the reader has. */
  readonly after: number;
  /** Whose stream it is: those who act for the whole county get everything as it was recorded, but for what is secret. Null: our own. */
  readonly reader: { readonly id: string; readonly role: string; readonly isForCounty?: boolean } | null;
  /** What of it was asked for; left out: all. */
  readonly filter?: Pick<EventFilter, 'passes'>;
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
    private readonly pseudonyms: Pick<Pseudonyms, 'within'>,
    private readonly aggregates: ReadonlyMap<string, AnyAggregate>,
    private readonly pace: StreamPace = { stalledMs: STALLED_MS, checkEveryMs: CHECK_EVERY_MS },
  ) {}

  async pour(res: Response, { after, reader, filter, endsAtMs, gone, isStillGood = always }: StreamOptions): Promise<StreamEnd> {
    res.write(`retry: ${RETRY_MS}\n\n`);
    let [position, checkedMs] = [after, Date.now()];
    let isPassedOver = false; // the feed is further, and had nothing to give: it ends with a row whose record is gone
    for (;;) {
      if (gone.aborted) return Date.now() < endsAtMs ? 'gone' : 'token-ended';
      if (Date.now() >= endsAtMs) return 'token-ended';
      if (Date.now() - checkedMs >= this.pace.checkEveryMs) {
        if (!(await isStillGood())) return 'revoked';
        checkedMs = Date.now();
      }
      const batch = await this.feed.after(position, BATCH);
      let passed: number | null = null;
      for (const positioned of batch) {
        if (gone.aborted) break;
        position = positioned.position;
        if (filter !== undefined && !(await filter.passes(positioned.document))) {
          passed = position;
          continue;
        }
        passed = null;
        if (!(await this.write(res, await this.textOf(positioned, reader), gone))) return 'stalled';
      }
      // An id without data is no event, and is where a reader that comes back goes on: nobody reads again what was passed by.
      if (passed !== null && !(await this.write(res, `id: ${passed}\n\n`, gone))) return 'stalled';
      if (batch.length > 0) isPassedOver = false;
      if (batch.length > 0) continue;
      const waitedSinceMs = Date.now();
      const waitMs = Math.min(HEARTBEAT_MS, this.pace.checkEveryMs, endsAtMs - waitedSinceMs);
      await this.head.beyond(position, waitMs, gone);
      if (isPassedOver && Date.now() - waitedSinceMs < AT_ONCE_MS) await sleep(PASSED_OVER_MS, undefined, { signal: gone }).catch(() => undefined);
      isPassedOver = true;
      if (Date.now() - waitedSinceMs >= HEARTBEAT_MS && !(await this.write(res, ': still here\n\n', gone))) return 'stalled';
    }
  }

  private async textOf({ position, document }: Positioned, reader: StreamOptions['reader']): Promise<string> {
    const visible = await this.visible(toCloudEvent(document, position), this.aggregates.get(document.aggregate), reader);
    return `id: ${position}\ndata: ${JSON.stringify(visible)}\n\n`;
  }

  /** Of a kind that this program does not know nothing is shown to whoever does not act for the whole county. */
  private async visible(event: CloudEvent, aggregate: AnyAggregate | undefined, reader: StreamOptions['reader']): Promise<object> {
    if (reader === null) return event;
    const { id, role, isForCounty = false } = reader;
    if (aggregate === undefined) return isForCounty ? event : { ...event, data: null };
    return isForCounty ? forCounty(event, aggregate, role) : forSubscriber(event, aggregate, role, await this.renameFor(event.subject, id));
  }

  private async renameFor(entity: string, reader: string): Promise<Rename> {
    return namingFor(await this.pseudonyms.within(entity), reader);
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
