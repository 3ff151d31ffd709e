import { Controller, Get, Headers, Inject, Query, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import type { AnyAggregate } from '@qiyue/aggregate';
import { FeedReader, LedgerStore } from '@qiyue/engine-runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { actorOf, isStillGood, streamEndsAtMs } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery, wholeNumber } from '../http/query';
import { Metrics } from '../ops/metrics';
import { ALL_AGGREGATES } from '../entities/entity-ids';
import { EventFilter, eventFilters } from './event-filter';
import { EventStream, type StreamEnd } from './event-stream';
import { StreamSlots } from './stream-slots';

const STREAMS = { all: 500, perActor: 10 };
const OWN_RETRY_AFTER_S = '10';
/** Those that act for the whole county get every event as it was recorded, so that they can check its hash. */
const WHOLE: ReadonlySet<string> = new Set(['centre', 'supervisor', 'operator', 'service']);

/** `latest`: only what comes from now on. Without any: from the beginning. */
const position = z.union([z.literal('latest'), wholeNumber(0, Number.MAX_SAFE_INTEGER)]);
/** Text that is empty names no position. */
const orNone = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text);
const lastEventId = z.preprocess((text) => (typeof text === 'string' ? orNone(text) : text), position.optional());
const lastEventHeader = z.strictObject({ 'Last-Event-ID': position });
type Asked = z.infer<typeof position>;

const HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' };

@Controller('v1/events')
export class EventsController implements BeforeApplicationShutdown {
  private readonly slots: StreamSlots;
  private readonly eventsQuery;

  constructor(
    @Inject(EventStream) private readonly stream: EventStream,
    @Inject(FeedReader) private readonly feed: FeedReader,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(LedgerStore) private readonly store: LedgerStore,
    @Inject(ALL_AGGREGATES) private readonly aggregates: readonly AnyAggregate[],
  ) {
    this.eventsQuery = z.strictObject({ lastEventId, ...eventFilters(aggregates) });
    this.slots = new StreamSlots(STREAMS, (taken) => metrics.streams.set(taken));
  }

  @Get()
  async events(
    @Query() query: unknown,
    @Headers('last-event-id') header: string | undefined,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { lastEventId: position, ...filters } = readQuery(this.eventsQuery, query);
    const asked = askedIn(position, orNone(header));
    if (req.method === 'HEAD') return void res.status(200).set(HEADERS).end();
    const filter = new EventFilter(filters, this.aggregates, this.store);
    const endsAtMs = streamEndsAtMs(req);
    const slot = this.slots.take(req, res, { actorId: actorOf(req).id, endsAtMs });
    if (slot === 'own') throw Problem.edge('too-many-own-streams', { headers: { 'Retry-After': OWN_RETRY_AFTER_S } });
    if (slot === 'full') throw Problem.edge('too-many-streams');
    try {
      const after = await this.startOf(asked);
      if (slot.gone.aborted) return finish(res);
      await this.journal.record(actorOf(req), { type: 'Exported', data: { what: 'events', subject: `from ${after}` } });
      res.status(200).set(HEADERS).flushHeaders();
      const reader = { ...actorOf(req), isForCounty: WHOLE.has(actorOf(req).role) };
      this.ended(
        await this.stream.pour(res, {
          after,
          reader,
          ...(filter.isOpen ? {} : { filter }),
          endsAtMs,
          gone: slot.gone,
          isStillGood: () => isStillGood(req),
        }),
      );
      finish(res);
    } finally {
      slot.release();
    }
  }

  beforeApplicationShutdown(): void {
    this.slots.releaseAll();
  }

  private ended(why: StreamEnd): void {
    this.metrics.streamsEnded.inc({ why });
  }

  private async startOf(asked: Asked): Promise<number> {
    if (asked === 0) return 0;
    const head = await this.feed.headPosition();
    if (asked === 'latest') return head;
    if (asked > head) throw Problem.edge('position-unknown'); // given out by another database
    return asked;
  }
}

/** The header is what a reader that comes back sends by itself, so it wins. */
const askedIn = (position: Asked | undefined, header: string | undefined): Asked =>
  header === undefined ? (position ?? 0) : readQuery(lastEventHeader, { 'Last-Event-ID': header })['Last-Event-ID'];

/** What a reader has not taken by now it will not: a connection that waits for it would outlive the token. */
const finish = (res: Response): void => {
  if (!res.headersSent || res.writableLength > 0) res.destroy();
  else res.end();
};
