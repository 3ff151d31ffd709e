import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { NOTICE_STATES, NoticeStore, type NoticeDoc } from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { PAGE_MAX, pageCursor, pageOf } from '@qiyue/civic-contracts';
import { ENTITY_IDS, type EntityIds } from '../entities/entity-ids';
import { readQuery, wholeNumber } from '../http/query';

export const CLOCK = Symbol('Clock');

export const noticesQuery = z.strictObject({
  state: z.enum(NOTICE_STATES).optional(),
  entity: z.string().min(1).max(200).optional(),
  needId: z.string().min(1).max(200).optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: pageCursor.optional(),
});

/** How far a notice to the outside has come. Neither its words nor an address: those who look only need to know that. */
export interface NoticeRow extends Pick<
  NoticeDoc,
  'seq' | 'type' | 'recipient' | 'channel' | 'state' | 'urgent' | 'at' | 'sendAt' | 'attempts' | 'reason' | 'settledAt'
> {
  readonly noticeId: string;
  /** The entity's id, under the name that its aggregate has for it. */
  readonly [idName: string]: unknown;
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
    @Inject(ENTITY_IDS) private readonly ids: EntityIds,
  ) {}

  @Get()
  async page(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<NoticePage> {
    permit(actor, 'GET /v1/notices');
    const { limit, cursor, needId, entity = needId, state } = readQuery(noticesQuery, query);
    const found = await this.notices.list({ entity, state, after: cursor, limit: limit + 1 });
    return pageOf(
      found,
      limit,
      ({ at, _id }) => ({ at, id: _id }),
      (notice) => rowOf(notice, this.ids),
    );
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
    return rowOf(found, this.ids);
  }
}

const rowOf = (
  { _id, needId, aggregate, seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt }: NoticeDoc,
  ids: EntityIds,
): NoticeRow => ({
  noticeId: _id,
  ...ids.of(aggregate, needId),
  ...{ seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt },
});
