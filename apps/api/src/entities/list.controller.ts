import { Controller, Get, Param, Query, Req, Res, type Type } from '@nestjs/common';
import { XLSX } from '@qiyue/aggregate';
import type { Journal } from '@qiyue/audit';
import { readSpokenNumber } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import { CurrentActor } from '../http/authenticate';
import { languageOf } from '../http/language';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import type { EntityLists } from './entity-lists';
import type { EntityReader } from './entity-reader';
import { noQuery } from './entity.controllers';
import { addressOf, listQueryOf } from './list-query';
import { columnsFor } from './list-columns';
import { sendCsv, sendWorkbook } from './list-tables';

/** One pair in 148 million of a day has the same number. */
const SAME_NUMBER_MAX = 20;

const FORMS = ['application/json', 'text/csv', XLSX] as const;
const TABLES = {
  'text/csv': { ending: 'csv', send: sendCsv },
  [XLSX]: { ending: 'xlsx', send: sendWorkbook },
} as const;

export interface ListDeps {
  readonly lists: EntityLists;
  readonly reader: EntityReader;
  readonly journal: Pick<Journal, 'record'>;
}

/** `GET /v1/<path>` of one aggregate, as JSON or as a table, and `…/by-number/{number}`. */
export const listControllerOf = ({ lists, reader, journal }: ListDeps): Type => {
  const { aggregate } = lists;
  const { path } = aggregate;
  const listQuery = listQueryOf(aggregate);

  @Controller(`v1/${path}`)
  class ListController {
    @Get()
    async list(@Query() query: unknown, @CurrentActor() actor: Actor, @Req() req: Request, @Res() res: Response): Promise<void> {
      const asked = readQuery(listQuery, query);
      const readBy = reader.listReader(actor);
      const form = req.accepts([...FORMS]) as (typeof FORMS)[number] | false;
      if (form === false || form === 'application/json') {
        res.json({ ...(await lists.list(asked, readBy)), self: addressOf(path, query as Readonly<Record<string, unknown>>) });
        return;
      }
      const { ending, send } = TABLES[form];
      await journal.record(actor, { type: 'Exported', data: { what: `${path}.${ending}`, subject: null } });
      res.attachment(`${path}.${ending}`).set('Content-Security-Policy', "default-src 'none'; sandbox");
      const language = languageOf(req);
      await send(res, { columns: columnsFor(aggregate, language), language }, lists.rows(asked, readBy));
    }
  }
  return ListController;
};

/** `GET /v1/<path>/by-number/{number}` of a kind whose entities people call by a number. */
export const numberControllerOf = ({ lists }: Pick<ListDeps, 'lists'>): Type => {
  const { path, refusals } = lists.aggregate;

  @Controller(`v1/${path}/by-number/:number`)
  class NumberController {
    @Get()
    async byNumber(@Param('number') given: string, @Query() query: unknown): Promise<{ readonly items: readonly object[] }> {
      readQuery(noQuery, query);
      const number = readSpokenNumber(given);
      if (number === null) throw Problem.edge('number-slip');
      const items = await lists.numbered(number, SAME_NUMBER_MAX);
      if (items.length === 0) throw Problem.refused({ code: 'not-found' }, {}, refusals);
      return { items };
    }
  }
  return NumberController;
};
