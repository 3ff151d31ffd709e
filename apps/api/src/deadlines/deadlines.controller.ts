import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import type { Journal } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { readQuery } from '../http/query';
import { DeadlineQueries, deadlinesQuery, feedQuery, type DeadlinePage } from './deadline-queries';
import { calendarOf } from './icalendar';

/** Enough for a unit; a feed that somebody subscribes to is read whole each time. */
const FEED_MAX = 500;

@Controller('v1')
export class DeadlinesController {
  constructor(
    @Inject(DeadlineQueries) private readonly deadlines: DeadlineQueries,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get('deadlines')
  page(@Query() query: unknown): Promise<DeadlinePage> {
    return this.deadlines.page(readQuery(deadlinesQuery, query));
  }

  @Get('deadlines.ics')
  @Header('Content-Type', 'text/calendar; charset=utf-8')
  async feed(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<string> {
    const asked = readQuery(feedQuery, query);
    const whose = asked.unit ?? asked.community ?? null;
    await this.journal.record(actor, { type: 'Exported', data: { what: 'deadlines.ics', subject: whose } });
    return calendarOf(await this.deadlines.views(asked, FEED_MAX), whose);
  }
}
