import { Controller, Get, Param, Query, type Type } from '@nestjs/common';
import { wholeNumber } from '@qiyue/civic-contracts';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { instantText, readQuery } from '../http/query';
import { changesBetween, type Change } from './changes';
import type { EntityQueries } from './entity-queries';
import type { EntityReader } from './entity-reader';
import { toHistoryEvent, viewOf, type HistoryEvent } from './history';

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
export const entityQuery = z.strictObject({ minSeq: wholeNumber(0, SEQ_MAX).optional() });
export const noQuery = z.strictObject({});

export const momentQuery = z.xor([z.strictObject({ seq: wholeNumber(1, SEQ_MAX) }), z.strictObject({ time: instantText })]);
export const changesQuery = z.strictObject({
  from: wholeNumber(1, SEQ_MAX).meta({ description: 'The earlier seq' }),
  to: wholeNumber(1, SEQ_MAX).meta({ description: 'The later seq' }),
});

/** What differs between an entity as it was at two seqs. Its id stands under the aggregate's own name. */
export type EntityChanges = { readonly from: number; readonly to: number; readonly changes: readonly Change[] } & Readonly<Record<string, unknown>>;
export type History = { readonly events: readonly HistoryEvent[] } & Readonly<Record<string, unknown>>;

/** `GET /v1/<path>/{id}`, `…/{id}/history`, `…/{id}/at` and `…/{id}/changes` of one aggregate. */
export const entityControllerOf = (queries: EntityQueries, reader: EntityReader): Type => {
  const { path, idName, model } = queries.aggregate;

  @Controller(`v1/${path}`)
  class EntityController {
    @Get(`:${idName}`)
    async entity(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<object> {
      const { minSeq } = readQuery(entityQuery, query);
      const view = await (minSeq === undefined ? queries.entity(id) : queries.entityAt(id, minSeq));
      return queries.shown(await reader.view(id, view, actor));
    }

    @Get(`:${idName}/history`)
    async history(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<History> {
      readQuery(noQuery, query);
      const records = await queries.records(id);
      return { [idName]: id, events: await reader.history(id, records.map(toHistoryEvent), viewOf(model, records), actor) };
    }

    @Get(`:${idName}/at`)
    async at(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<object> {
      const moment = readQuery(momentQuery, query);
      const { then, now } = await queries.asOf(id, moment);
      const view = await reader.view(id, then, actor, now);
      return queries.shown(view, 'time' in moment ? moment.time : then.updatedAt);
    }

    @Get(`:${idName}/changes`)
    async changes(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<EntityChanges> {
      const { from, to } = readQuery(changesQuery, query);
      const asOf = async (seq: number): Promise<object> => {
        const { then, now } = await queries.asOf(id, { seq });
        return reader.view(id, then, actor, now);
      };
      const [before, after] = await Promise.all([from, to].map(asOf));
      return { [idName]: id, from, to, changes: changesBetween(before, after) };
    }
  }
  return EntityController;
};
