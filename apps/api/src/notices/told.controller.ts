import { Controller, Get, Param, Query, type Type } from '@nestjs/common';
import { encodeCursor, PAGE_MAX, pageCursor, wholeNumber } from '@qiyue/civic-contracts';
import { openRecord, type Actor } from '@qiyue/engine';
import { OUTWARD_CHANNELS } from '@qiyue/notices';
import { NOTICE_STATES } from '@qiyue/edge';
import { z } from 'zod';
import type { EntityQueries } from '../entities/entity-queries';
import type { EntityReader } from '../entities/entity-reader';
import { CurrentActor } from '../http/authenticate';
import { readQuery } from '../http/query';
import { noQuery } from '../entities/entity.controllers';
import { ladderOf, type LadderDeadline } from './ladder';
import type { ToldNotice, WhoWasTold } from './who-was-told';

/** Filters of what was told of one entity. */
export const toldQuery = z.strictObject({
  state: z.enum(NOTICE_STATES).optional(),
  channel: z.enum(['inbox', ...OUTWARD_CHANNELS]).optional(),
  type: z.string().min(1).max(100).optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: pageCursor.optional(),
});
type ToldQuery = z.infer<typeof toldQuery>;

export interface ToldPage {
  readonly items: readonly ToldNotice[];
  readonly nextCursor: string | null;
}
export type Ladder = { readonly deadlines: readonly LadderDeadline[] } & Readonly<Record<string, unknown>>;

/** `GET /v1/<path>/{id}/notices` and `…/{id}/ladder` of one aggregate. */
export const toldControllerOf = (access: { readonly queries: EntityQueries; readonly reader: EntityReader }, who: WhoWasTold): Type => {
  const { path, idName } = access.queries.aggregate;

  @Controller(`v1/${path}/:${idName}`)
  class ToldController {
    @Get('notices')
    async notices(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<ToldPage> {
      const asked = readQuery(toldQuery, query);
      return toldPage((await who.of(id, access, actor)).notices, asked);
    }

    @Get('ladder')
    async ladder(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<Ladder> {
      readQuery(noQuery, query);
      const { notices } = await who.of(id, access, actor);
      const records = (await access.queries.records(id)).map(openRecord);
      return { [idName]: id, deadlines: ladderOf(records, notices) };
    }
  }
  return ToldController;
};

/** Of all that was told of one entity, newest first. Its notices are few enough to be held at once. */
export const toldPage = (told: readonly ToldNotice[], { state, channel, type, limit, cursor }: ToldQuery): ToldPage => {
  const found = told.filter(
    (one) => [undefined, one.state].includes(state) && [undefined, one.channel].includes(channel) && [undefined, one.type].includes(type),
  );
  const behind = cursor === undefined ? -1 : found.findIndex(({ noticeId }) => noticeId === cursor.id);
  const items = found.slice(behind + 1, behind + 1 + limit);
  const last = found.length > behind + 1 + limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor({ at: last.at, id: last.noticeId }) };
};
