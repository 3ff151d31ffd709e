import { Controller, Get, Headers, Inject, Query, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Journal } from '@qiyue/adapters';
import { FeedReader } from '@qiyue/engine-runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { actorOf, tokenEndsAtMs } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery, wholeNumber } from '../http/query';
import { Metrics } from '../ops/metrics';
import { EventStream } from './event-stream';

const STREAMS_MAX = 500;
/** Those that act for the whole county get the events of before there was sealing whole, so that they can check their hashes. */
const WHOLE: ReadonlySet<string> = new Set(['centre', 'supervisor', 'operator', 'service']);

/** `latest`: only what comes from now on. Without any: from the beginning. */
const position = z.union([z.literal('latest'), wholeNumber(0, Number.MAX_SAFE_INTEGER)]);
const eventsQuery = z.strictObject({ lastEventId: position.optional() });
const lastEventHeader = z.strictObject({ 'Last-Event-ID': position });

@Controller('v1/events')
export class EventsController implements BeforeApplicationShutdown {
  private readonly open = new Set<AbortController>();

  constructor(
    @Inject(EventStream) private readonly stream: EventStream,
    @Inject(FeedReader) private readonly feed: FeedReader,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async events(
    @Query() query: unknown,
    @Headers('last-event-id') header: string | undefined,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const after = await this.startOf(query, header);
    if (this.open.size >= STREAMS_MAX) throw Problem.edge('too-many-streams');
    await this.journal.record(actorOf(req), { type: 'Exported', data: { what: 'events', subject: `from ${after}` } });
    const gone = new AbortController();
    this.open.add(gone);
    this.metrics.streams.set(this.open.size);
    res.once('close', () => gone.abort());
    res.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' });
    res.flushHeaders();
    try {
      await this.stream.pour(res, { after, isWhole: WHOLE.has(actorOf(req).role), endsAtMs: tokenEndsAtMs(req), gone: gone.signal });
    } finally {
      this.open.delete(gone);
      this.metrics.streams.set(this.open.size);
      res.end();
    }
  }

  beforeApplicationShutdown(): void {
    for (const gone of this.open) gone.abort();
  }

  /** The header is what a reader that comes back sends by itself, so it wins. */
  private async startOf(query: unknown, header: string | undefined): Promise<number> {
    const { lastEventId } = readQuery(eventsQuery, query);
    const asked = header === undefined ? (lastEventId ?? 0) : readQuery(lastEventHeader, { 'Last-Event-ID': header })['Last-Event-ID'];
    if (asked === 0) return 0;
    const head = await this.feed.headPosition();
    if (asked === 'latest') return head;
    if (asked > head) throw Problem.edge('position-unknown'); // given out by another database
    return asked;
  }
}
