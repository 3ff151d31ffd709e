import { Controller, Get, Query, Req, Res, type Type } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import type { Clock } from '@qiyue/platform';
import type { AggregateQuery } from '@qiyue/aggregate';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import type { Db } from 'mongodb';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import { servingModels } from './serving-models';

export interface QueryDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly journal: Pick<Journal, 'record'>;
}

/** `GET /v1/<path>` of one question that an aggregate has beside list, document and history. */
export const queryControllerOf = (question: AggregateQuery, { db, clock, journal }: QueryDeps): Type => {
  const { path, parameters, forms = {}, isNoJson = false, roles, exported } = question;
  const offered = [...(isNoJson ? [] : ['application/json']), ...Object.keys(forms)];
  const models = servingModels(db);

  @Controller(`v1/${path}`)
  class QueryController {
    @Get()
    async ask(@Query() query: unknown, @CurrentActor() actor: Actor, @Req() req: Request, @Res() res: Response): Promise<void> {
      if (roles?.some((role) => role === actor.role) === false) throw Problem.refused({ code: 'not-permitted' });
      const asked = readQuery(parameters, query) as never;
      const away = exported?.(asked);
      if (away !== undefined) await journal.record(actor, { type: 'Exported', data: away });
      const answer = await question.read(asked, { now: toShanghaiIso(clock.nowMs()), ...models });
      const form = formFor(req, offered);
      const render = forms[form];
      if (render === undefined) res.json(answer);
      else res.type(form).send(render(answer as never, asked));
    }
  }
  return QueryController;
};

/** By `Accept`; the first that is offered where it names none of them. */
const formFor = (req: Request, offered: readonly string[]): string => {
  const types = offered.map((type) => type.split(';')[0] ?? type);
  const wanted = req.accepts([...types]);
  const index = wanted === false ? 0 : types.indexOf(wanted);
  return offered[Math.max(0, index)] ?? 'application/json';
};
