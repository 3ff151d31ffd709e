import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { instantText, readQuery, wholeNumber } from '../http/query';
import { changesBetween, type Change } from './changes';
import { toHistoryEvent, viewOf, type HistoryEvent } from './history';
import { listQuery } from './list-query';
import { NeedQueries, type NeedPage, type ShownNeed } from './need-queries';
import { NeedReader, type ReadNeed } from './visible';

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
  constructor(
    @Inject(NeedQueries) private readonly needs: NeedQueries,
    @Inject(NeedReader) private readonly reader: NeedReader,
  ) {}

  @Get()
  list(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<NeedPage> {
    return this.needs.list(readQuery(listQuery, query), {
      descriptionOf: (need) => this.reader.text(need, need.description, actor),
      done: (looked, found) => this.reader.tellSearch(looked, found, actor),
    });
  }

  @Get(':needId')
  async need(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<ShownNeed> {
    const { minSeq } = readQuery(needQuery, query);
    const view = await (minSeq === undefined ? this.needs.need(needId) : this.needs.needAt(needId, minSeq));
    return this.needs.shown(await this.reader.view(view, actor));
  }

  @Get(':needId/history')
  async history(
    @Param('needId') needId: string,
    @Query() query: unknown,
    @CurrentActor() actor: Actor,
  ): Promise<{ needId: string; events: readonly HistoryEvent[] }> {
    readQuery(noQuery, query);
    const records = await this.needs.records(needId);
    return { needId, events: await this.reader.history(needId, records.map(toHistoryEvent), viewOf(records), actor) };
  }

  @Get(':needId/at')
  async at(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<ShownNeed> {
    const moment = readQuery(momentQuery, query);
    const { then, now } = await this.needs.asOf(needId, moment);
    const view = await this.reader.view(then, actor, now);
    return this.needs.shown(view, 'time' in moment ? moment.time : view.updatedAt);
  }
  @Get(':needId/changes')
  async changes(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<NeedChanges> {
    const { from, to } = readQuery(changesQuery, query);
    const [before, after] = await Promise.all([from, to].map((seq) => this.asOf(needId, seq, actor)));
    return { needId, from, to, changes: changesBetween(before, after) };
  }

  private async asOf(needId: string, seq: number, actor: Actor): Promise<ReadNeed> {
    const { then, now } = await this.needs.asOf(needId, { seq });
    return this.reader.view(then, actor, now);
  }
}
