import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CalendarFeedStore, type CalendarFeed } from '@qiyue/edge';
import type { Journal } from '@qiyue/audit';
import type { AnyView, CalendarSource } from '@qiyue/aggregate';
import type { Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { KINDS } from '../notices/notices.controller';
import type { EntityAccess } from '../queries/queries.controller';

export const PUBLIC_URL = Symbol('PublicUrl');

/** A feed that was made now: its address is shown this once. */
export interface CreatedFeed extends CalendarFeed {
  readonly url: string;
}
export interface FeedList {
  readonly items: readonly CalendarFeed[];
}

/** So many events has a calendar: apps that subscribe read it whole each time. */
const EVENTS_MAX = 500;
/** Among so many open entities a person's own are looked for. */
const SEARCHED_MAX = 5_000;
const LOOK_AFTER_FEEDS: ReadonlySet<string> = new Set(['operator', 'centre']);

@Controller()
export class CalendarsController {
  private readonly kind: EntityAccess | null;

  constructor(
    @Inject(CalendarFeedStore) private readonly feeds: CalendarFeedStore,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(KINDS) private readonly kinds: readonly EntityAccess[],
    @Inject(PUBLIC_URL) private readonly publicUrl: { readonly base: string | null },
  ) {
    this.kind = kinds.find(({ queries }) => queries.aggregate.calendar !== undefined) ?? null;
  }

  /** For one's unit, or for oneself. */
  @Post('v1/calendar-feeds')
  @HttpCode(201)
  async create(@Body() body: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<CreatedFeed> {
    readBody(z.strictObject({}), body);
    const { kind, calendar } = this.calendar();
    if (calendar.conditionsOf(actor) === null) throw Problem.refused({ code: 'not-permitted' });
    const { aggregate } = kind.queries.aggregate.decider;
    const made = await this.feeds.create({ aggregate, ...ownerOf(calendar, actor) }, actor);
    if (made === null) throw Problem.edge('too-many-feeds');
    const base = this.publicUrl.base ?? `${req.protocol}://${req.get('host') ?? ''}`;
    return { ...made.feed, url: `${base}/calendar/${made.secret}.ics` };
  }

  @Get('v1/calendar-feeds')
  async list(@CurrentActor() actor: Actor): Promise<FeedList> {
    return { items: await this.feeds.list(ownerOf(this.calendar().calendar, actor)) };
  }

  /** One's own, one's unit's; operator and centre anybody's: who leaves may have kept an address. */
  @Delete('v1/calendar-feeds/:feedId')
  @HttpCode(204)
  async revoke(@Param('feedId') feedId: string, @CurrentActor() actor: Actor): Promise<void> {
    const feed = await this.feeds.get(feedId);
    if (feed === null || !(LOOK_AFTER_FEEDS.has(actor.role) || isOwn(feed, ownerOf(this.calendar().calendar, actor))))
      throw Problem.edge('no-such-feed');
    if (LOOK_AFTER_FEEDS.has(actor.role))
      await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'revoke-calendar-feed', on: feedId } });
    await this.feeds.revoke(feedId);
  }

  /** Without a token: whoever has the address. A wrong one and a revoked one are the same, after the same look. */
  @Get('calendar/:secret.ics')
  async read(@Param('secret') secret: string, @Res() res: Response): Promise<void> {
    const feed = await this.feeds.bySecret(secret);
    const kind = this.kinds.find(({ queries }) => queries.aggregate.decider.aggregate === feed?.aggregate);
    const calendar = kind?.queries.aggregate.calendar;
    if (feed === null || kind === undefined || calendar === undefined) throw Problem.edge('no-such-feed');
    const { views, total } = await eventsOf(feed, kind, calendar);
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).type('text/calendar; charset=utf-8');
    res.send(calendar.render(views, feed, total));
  }

  private calendar(): { readonly kind: EntityAccess; readonly calendar: CalendarSource<AnyView> } {
    const calendar = this.kind?.queries.aggregate.calendar;
    if (this.kind === null || calendar === undefined) throw Problem.edge('no-such-route');
    return { kind: this.kind, calendar };
  }
}

const ownerOf = (calendar: CalendarSource<AnyView>, { id, role, unit }: Actor) => ({
  role,
  unit,
  person: calendar.isPersons({ role, unit }) ? id : null,
});

const isOwn = (feed: CalendarFeed, { role, unit, person }: ReturnType<typeof ownerOf>): boolean =>
  person === null ? feed.person === null && feed.role === role && feed.unit === unit : feed.person === person;

const eventsOf = async ({ role, unit, person }: CalendarFeed, { queries, reader }: EntityAccess, calendar: CalendarSource<AnyView>) => {
  const conditions = calendar.conditionsOf({ role, unit }) ?? { _id: { $in: [] } };
  if (person === null) return queries.soonest(conditions, EVENTS_MAX);
  const { views } = await queries.soonest(conditions, SEARCHED_MAX);
  const concerning = new Set(await reader.concerning(views, { id: person, role, unit }));
  const own = views.filter((view) => concerning.has(view) || calendar.isForAll(view, { role, unit }));
  return { views: own.slice(0, EVENTS_MAX), total: own.length };
};
