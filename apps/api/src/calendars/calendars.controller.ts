import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CalendarFeedStore, EVERY_KIND, type CalendarFeed } from '@qiyue/edge';
import type { Journal } from '@qiyue/audit';
import { calendarOf, type CalendarOwner } from '@qiyue/aggregate';
import { isPerson } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { KINDS } from '../notices/notices.controller';
import type { EntityAccess } from '../queries/queries.controller';
import { calendarKinds, feedEntries, type CalendarKind } from './feed-entries';

export const PUBLIC_URL = Symbol('PublicUrl');

/** A feed that was made now: its address is shown this once. */
export interface CreatedFeed extends CalendarFeed {
  readonly url: string;
}
export interface FeedList {
  readonly items: readonly CalendarFeed[];
}

const LOOK_AFTER_FEEDS: ReadonlySet<string> = new Set(['operator', 'centre']);

@Controller()
export class CalendarsController {
  private readonly kinds: readonly CalendarKind[];

  constructor(
    @Inject(CalendarFeedStore) private readonly feeds: CalendarFeedStore,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(KINDS) kinds: readonly EntityAccess[],
    @Inject(PUBLIC_URL) private readonly publicUrl: { readonly base: string | null },
  ) {
    this.kinds = calendarKinds(kinds);
  }

  /** For one's unit, or for oneself. */
  @Post('v1/calendar-feeds')
  @HttpCode(201)
  async create(@Body() body: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<CreatedFeed> {
    readBody(z.strictObject({}), body);
    const owner = ownerOf(actor);
    if (this.kinds.every(({ calendar }) => calendar.conditionsOf(owner) === null)) throw Problem.refused({ code: 'not-permitted' });
    const made = await this.feeds.create({ aggregate: EVERY_KIND, ...owner }, actor);
    if (made === null) throw Problem.edge('too-many-feeds');
    const base = this.publicUrl.base ?? `${req.protocol}://${req.get('host') ?? ''}`;
    return { ...made.feed, url: `${base}/calendar/${made.secret}.ics` };
  }

  @Get('v1/calendar-feeds')
  async list(@CurrentActor() actor: Actor): Promise<FeedList> {
    return { items: await this.feeds.list(ownerOf(actor)) };
  }

  /** One's own, one's unit's; operator and centre anybody's: who leaves may have kept an address. */
  @Delete('v1/calendar-feeds/:feedId')
  @HttpCode(204)
  async revoke(@Param('feedId') feedId: string, @CurrentActor() actor: Actor): Promise<void> {
    const feed = await this.feeds.get(feedId);
    if (feed === null || !(LOOK_AFTER_FEEDS.has(actor.role) || isOwn(feed, ownerOf(actor)))) throw Problem.edge('no-such-feed');
    if (LOOK_AFTER_FEEDS.has(actor.role))
      await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'revoke-calendar-feed', on: feedId } });
    await this.feeds.revoke(feedId);
  }

  /** Without a token: whoever has the address. A wrong one and a revoked one are the same, after the same look. */
  @Get('calendar/:secret.ics')
  async read(@Param('secret') secret: string, @Res() res: Response): Promise<void> {
    const feed = await this.feeds.bySecret(secret);
    if (feed === null) throw Problem.edge('no-such-feed');
    const { entries, left } = await feedEntries(this.shownIn(feed), feed);
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).type('text/calendar; charset=utf-8');
    res.send(calendarOf(entries, feed.unit, left));
  }

  /** Whoever made one of a single kind gave out the address of that, and of nothing else. */
  private shownIn({ aggregate }: CalendarFeed): readonly CalendarKind[] {
    return this.kinds.filter(({ queries }) => aggregate === EVERY_KIND || queries.aggregate.decider.aggregate === aggregate);
  }
}

const ownerOf = ({ id, role, unit }: Actor): CalendarOwner => ({ role, unit, person: isPerson(role) ? id : null });

const isOwn = (feed: CalendarFeed, { role, unit, person }: CalendarOwner): boolean =>
  person === null ? feed.person === null && feed.role === role && feed.unit === unit : feed.person === person;
