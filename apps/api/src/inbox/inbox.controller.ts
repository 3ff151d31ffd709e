import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { INBOX_STATES, InboxStore, type InboxItem, type InboxReader, type InboxState } from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Language } from '@qiyue/civic-domain';
import { addressesOf, type NoticeType } from '@qiyue/notices';
import type { Request } from 'express';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { languageOf } from '../http/language';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { PAGE_MAX, pageCursor, pageOf } from '@qiyue/civic-contracts';
import { ENTITY_IDS, type EntityIds } from '../entities/entity-ids';
import { readQuery, wholeNumber } from '../http/query';
import { CLOCK } from '../notices/notices.controller';

export const inboxQuery = z.strictObject({
  state: z.enum(INBOX_STATES).optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: pageCursor.optional(),
});

/** A notice as its reader sees it. A post's is read and archived by each reader for themselves. */
export interface InboxEntry {
  readonly noticeId: string;
  /** The entity's id, under the name that its aggregate has for it. */
  readonly [idName: string]: string | number | boolean | null;
  readonly seq: number;
  readonly type: NoticeType;
  readonly title: string;
  readonly text: string;
  /** The command that the reader is asked for; null: none. */
  readonly asks: string | null;
  readonly urgent: boolean;
  readonly at: string;
  readonly readAt: string | null;
  readonly archivedAt: string | null;
}
export interface InboxPage {
  readonly items: readonly InboxEntry[];
  readonly nextCursor: string | null;
  /** Over all pages. */
  readonly unread: number;
}

@Controller('v1/inbox')
export class InboxController {
  constructor(
    @Inject(InboxStore) private readonly inbox: InboxStore,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'nowMs'>,
    @Inject(ENTITY_IDS) private readonly ids: EntityIds,
  ) {}

  @Get()
  async page(@Query() query: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<InboxPage> {
    const { state, limit, cursor } = readQuery(inboxQuery, query);
    const reader = this.readerOf(actor);
    const [found, unread] = await Promise.all([this.inbox.list(reader, { state, after: cursor, limit: limit + 1 }), this.inbox.unread(reader)]);
    const language = languageOf(req);
    const page = pageOf(
      found,
      limit,
      ({ document }) => ({ at: document.at, id: document._id }),
      (item) => entryOf(item, language, this.ids),
    );
    return { ...page, unread };
  }

  @Post(':noticeId/read')
  @HttpCode(200)
  read(@Param('noticeId') noticeId: string, @Body() body: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<InboxEntry> {
    return this.mark('read', noticeId, body, actor, req);
  }

  @Post(':noticeId/unread')
  @HttpCode(200)
  unread(@Param('noticeId') noticeId: string, @Body() body: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<InboxEntry> {
    return this.mark('unread', noticeId, body, actor, req);
  }

  @Post(':noticeId/archive')
  @HttpCode(200)
  archive(@Param('noticeId') noticeId: string, @Body() body: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<InboxEntry> {
    return this.mark('archived', noticeId, body, actor, req);
  }

  private async mark(state: InboxState, noticeId: string, body: unknown, actor: Actor, req: Request): Promise<InboxEntry> {
    readBody(z.strictObject({}), body);
    const item = await this.inbox.mark(this.readerOf(actor), noticeId, state, toShanghaiIso(this.clock.nowMs()));
    if (item === null) throw Problem.edge('no-such-notice');
    return entryOf(item, languageOf(req), this.ids);
  }

  private readerOf(actor: Actor): InboxReader {
    return { id: actor.id, addresses: addressesOf(actor), now: toShanghaiIso(this.clock.nowMs()) };
  }
}

const entryOf = ({ document, readAt, archivedAt }: InboxItem, language: Language, ids: EntityIds): InboxEntry => {
  const { _id, needId, aggregate, seq, type, asks = null, urgent, at, words } = document;
  const { subject, text } = words[language];
  return { noticeId: _id, ...ids.of(aggregate, needId), seq, type, title: subject, text, asks, urgent, at, readAt, archivedAt };
};
