import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { instantText, readQuery, wholeNumber } from '../http/query';
import { changesBetween, type Change } from './changes';
import { toHistoryEvent, viewOf, type HistoryEvent } from './history';
import { listQuery } from './list-query';
import { NeedQueries, type NeedPage, type ShownNeed } from './need-queries';
import { seesContact, visibleEvent, visibleView } from './visible';

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const needQuery = z.strictObject({ minSeq: wholeNumber(0, SEQ_MAX).optional() });
const noQuery = z.strictObject({});

const momentQuery = z.xor([z.strictObject({ seq: wholeNumber(1, SEQ_MAX) }), z.strictObject({ time: instantText })]);
const changesQuery = z.strictObject({ from: wholeNumber(1, SEQ_MAX), to: wholeNumber(1, SEQ_MAX) });

/** What differs between a need as it was at two seqs. */
export interface NeedChanges {
  readonly needId: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
}

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
  @Get(':needId/changes')
  async changes(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<NeedChanges> {
    const { from, to } = readQuery(changesQuery, query);
    const [before, after] = await Promise.all([from, to].map(async (seq) => visibleView(await this.needs.asOf(needId, { seq }), actor)));
    return { needId, from, to, changes: changesBetween(before, after) };
  }
}
