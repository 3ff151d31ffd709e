import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { readQuery, wholeNumber } from '../http/query';
import { toHistoryEvent, viewOf, type HistoryEvent } from './history';
import { listQuery } from './list-query';
import { NeedQueries, type NeedPage, type ShownNeed } from './need-queries';
import { seesContact, visibleEvent, visibleView } from './visible';

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const needQuery = z.strictObject({ minSeq: wholeNumber(0, SEQ_MAX).optional() });
const noQuery = z.strictObject({});

/** A `+` that nobody escaped arrives as a space. */
const instant = z
  .string()
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true }));
const momentQuery = z.xor([z.strictObject({ seq: wholeNumber(1, SEQ_MAX) }), z.strictObject({ time: instant })]);

@Controller('v1/needs')
export class NeedsController {
  constructor(@Inject(NeedQueries) private readonly needs: NeedQueries) {}

  @Get()
  list(@Query() query: unknown): Promise<NeedPage> {
    return this.needs.list(readQuery(listQuery, query));
  }

  @Get(':needId')
  async need(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<ShownNeed> {
    const { minSeq } = readQuery(needQuery, query);
    return this.needs.shown(visibleView(await (minSeq === undefined ? this.needs.need(needId) : this.needs.needAt(needId, minSeq)), actor));
  }

  @Get(':needId/history')
  async history(
    @Param('needId') needId: string,
    @Query() query: unknown,
    @CurrentActor() actor: Actor,
  ): Promise<{ needId: string; events: HistoryEvent[] }> {
    readQuery(noQuery, query);
    const records = await this.needs.records(needId);
    const view = viewOf(records);
    const isWhole = view !== null && seesContact(actor, view);
    return { needId, events: records.map((record) => visibleEvent(toHistoryEvent(record), isWhole)) };
  }

  @Get(':needId/at')
  async at(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<ShownNeed> {
    const moment = readQuery(momentQuery, query);
    const view = visibleView(await this.needs.asOf(needId, moment), actor);
    return this.needs.shown(view, 'time' in moment ? moment.time : view.updatedAt);
  }
}
