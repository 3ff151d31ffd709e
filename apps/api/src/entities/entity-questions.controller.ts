import { Controller, Get, Param, Query, Req, type Type } from '@nestjs/common';
import type { AnyView, EntityQuestion } from '@qiyue/aggregate';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Clock } from '@qiyue/platform';
import type { Request } from 'express';
import type { Db } from 'mongodb';
import { CurrentActor } from '../http/authenticate';
import { languageOf } from '../http/language';
import { readQuery } from '../http/query';
import { servingModels } from '../queries/serving-models';
import type { EntityQueries } from './entity-queries';
import type { EntityReader, Peeked } from './entity-reader';
import { noQuery } from './entity.controllers';

export interface EntityQuestionDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly queries: EntityQueries;
  readonly reader: EntityReader;
}

/** `GET /v1/<path>/{id}/<name>` of one question about an entity. */
export const entityQuestionControllerOf = (question: EntityQuestion, { db, clock, queries, reader }: EntityQuestionDeps): Type => {
  const { path, idName } = queries.aggregate;
  const fields = question.fields as readonly string[];
  const models = servingModels(db);

  @Controller(`v1/${path}/:${idName}/${question.name}`)
  class EntityQuestionController {
    @Get()
    async ask(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor, @Req() req: Request): Promise<unknown> {
      readQuery(noQuery, query);
      const own = await reader.peek(await queries.entity(id), fields, actor);
      const others: Peeked[] = [];
      const answer = await question.read(own.shown as never, {
        ...models,
        now: toShanghaiIso(clock.nowMs()),
        language: languageOf(req),
        shownOf: async (views: readonly AnyView[]) => {
          const peeked = await Promise.all(views.map((view) => reader.peek(queries.upgraded(view), fields, actor)));
          others.push(...peeked);
          return peeked.map(({ shown }) => shown as never);
        },
      });
      await reader.tellPeeked([own, ...others], [id, ...(question.named?.(answer as never) ?? [])], actor);
      return answer;
    }
  }
  return EntityQuestionController;
};
