import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { NOTICE_STATES, NoticeStore, type Clock, type NoticeDoc, type Journal } from '@qiyue/adapters';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { readQuery, wholeNumber } from '../http/query';
import { PAGE_MAX } from '../needs/list-query';
import { pageOf, timeCursor } from './time-cursor';

export const CLOCK = Symbol('Clock');

const noticesQuery = z.strictObject({
  state: z.enum(NOTICE_STATES).optional(),
  needId: z.string().min(1).max(200).optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: timeCursor.optional(),
});

/** How far a notice to the outside has come. Neither its words nor an address: those who look only need to know that. */
export interface NoticeRow extends Pick<
  NoticeDoc,
  'needId' | 'seq' | 'type' | 'recipient' | 'channel' | 'state' | 'urgent' | 'at' | 'sendAt' | 'attempts' | 'reason' | 'settledAt'
> {
  readonly noticeId: string;
}
export interface NoticePage {
  readonly items: readonly NoticeRow[];
  readonly nextCursor: string | null;
}

@Controller('v1/notices')
export class NoticesController {
  constructor(
    @Inject(NoticeStore) private readonly notices: NoticeStore,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'nowMs'>,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async page(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<NoticePage> {
    permit(actor, 'GET /v1/notices');
    const { limit, cursor, ...which } = readQuery(noticesQuery, query);
    const found = await this.notices.list({ ...which, after: cursor, limit: limit + 1 });
    return pageOf(found, limit, ({ at, _id }) => ({ at, id: _id }), rowOf);
  }

  @Post(':noticeId/retry')
  @HttpCode(200)
  async retry(@Param('noticeId') noticeId: string, @Body() body: unknown, @CurrentActor() actor: Actor): Promise<NoticeRow> {
    permit(actor, 'POST /v1/notices/{noticeId}/retry');
    readBody(z.strictObject({}), body);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'retry-notice', on: noticeId } });
    const isWaiting = await this.notices.retry(noticeId, toShanghaiIso(this.clock.nowMs()));
    const found = await this.notices.find(noticeId);
    if (found === null) throw Problem.edge('no-such-notice');
    if (!isWaiting) throw Problem.edge('not-retryable');
    return rowOf(found);
  }
}

const rowOf = ({ _id, needId, seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt }: NoticeDoc): NoticeRow => ({
  noticeId: _id,
  ...{ needId, seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt },
});
