import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { NoticeStore, type NoticeDoc } from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { pageOf } from '@qiyue/civic-contracts';
import { ENTITY_IDS, type EntityIds } from '../entities/entity-ids';
import { readQuery } from '../http/query';
import type { EntityAccess } from '../queries/queries.controller';
import { toldPage, toldQuery } from './told.controller';
import { outwardNotice, WhoWasTold, type ToldNotice } from './who-was-told';

export const CLOCK = Symbol('Clock');
/** The entities of every kind, as readers may see them. */
export const KINDS = Symbol('Kinds');

export const noticesQuery = toldQuery.extend({
  entity: z.string().min(1).max(200).optional(),
  needId: z.string().min(1).max(200).optional(),
});

/** A notice with the entity's id, under the name that its aggregate has for it. */
export type NoticeRow = ToldNotice & Readonly<Record<string, unknown>>;
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
    @Inject(WhoWasTold) private readonly who: WhoWasTold,
    @Inject(KINDS) private readonly kinds: readonly EntityAccess[],
  ) {}

  /** Of one entity all that was told, the inbox too; of all of them what goes out. */
  @Get()
  async page(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<NoticePage> {
    const { needId, entity = needId, ...asked } = readQuery(noticesQuery, query);
    if (entity !== undefined) return this.ofEntity(entity, asked, actor);
    permit(actor, 'GET /v1/notices');
    const { limit, cursor } = asked;
    const found = await this.notices.list({ ...asked, after: cursor, limit: limit + 1 });
    return pageOf(
      found,
      limit,
      ({ at, _id }) => ({ at, id: _id }),
      (notice) => rowOf(notice, this.ids),
    );
  }

  private async ofEntity(entity: string, asked: z.infer<typeof toldQuery>, actor: Actor): Promise<NoticePage> {
    const access = await this.accessTo(entity);
    if (access === null) permit(actor, 'GET /v1/notices');
    const told = access === null ? await this.who.ofUnknown(entity) : (await this.who.of(entity, access, actor)).notices;
    const { items, nextCursor } = toldPage(told, asked);
    const id = this.ids.of(access?.queries.aggregate.decider.aggregate, entity);
    return { items: items.map((notice) => ({ ...id, ...notice })), nextCursor };
  }

  /** Null where there is no such entity of any kind. */
  private async accessTo(entity: string): Promise<EntityAccess | null> {
    for (const access of this.kinds) if ((await access.queries.known(entity)) !== null) return access;
    return null;
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

/** Whoever keeps notices going has to name them: their keys say whom they are for. */
const rowOf = (notice: NoticeDoc, ids: EntityIds): NoticeRow => ({ ...ids.of(notice.aggregate, notice.needId), ...outwardNotice(notice) });
