import { Controller, Get, Query, Req, Res, type Type } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { workingDaysBetween, type CalendarTable } from '@qiyue/calendar';
import type { Clock } from '@qiyue/platform';
import { formsOf, PDF, XLSX, type AggregateQuery, type AnyView, type AskedPorts } from '@qiyue/aggregate';
import { canonicalJson, sha256Hex, toShanghaiIso, type Actor } from '@qiyue/engine';
import { renderReport, renderWorkbook } from '@qiyue/papers';
import type { Request, Response } from 'express';
import type { Db } from 'mongodb';
import type { EntityQueries } from '../entities/entity-queries';
import type { EntityReader } from '../entities/entity-reader';
import { CurrentActor } from '../http/authenticate';
import { languageOf } from '../http/language';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import { servingModels } from './serving-models';

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** The entities of one kind, as readers may see them. */
export interface EntityAccess {
  readonly queries: EntityQueries;
  readonly reader: EntityReader;
}

export interface QueryDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly journal: Pick<Journal, 'record'>;
  /** As it is now. */
  readonly calendar: () => CalendarTable;
  /** By the name of the kind. */
  accessTo(aggregate: string): EntityAccess;
}

/** `GET /v1/<path>` of one question that an aggregate has beside list, document and history. */
export const queryControllerOf = (question: AggregateQuery, { db, clock, journal, calendar, accessTo }: QueryDeps): Type => {
  const { path, parameters, forms = {}, sheets, paper, roles, mayAsk, exported } = question;
  const offered = formsOf(question);
  const models = servingModels(db);

  const portsFor = (actor: Actor, req: Request): AskedPorts => ({
    ...models,
    ...{ now: toShanghaiIso(clock.nowMs()), reader: actor, language: languageOf(req) },
    workingDaysBetween: (from, to) => workingDaysIn(calendar(), from, to),
    shownOf: async ({ decider }, views, fields) => {
      const { queries, reader } = accessTo(decider.aggregate);
      const names = fields as readonly string[];
      const peeked = await Promise.all(views.map((view) => reader.peek(queries.upgraded(view), names, actor)));
      await reader.tellPeeked(
        peeked,
        views.map((view) => idIn(view, queries)),
        actor,
      );
      return peeked.map(({ shown }) => shown as never);
    },
  });

  @Controller(`v1/${path}`)
  class QueryController {
    @Get()
    async ask(@Query() query: unknown, @CurrentActor() actor: Actor, @Req() req: Request, @Res() res: Response): Promise<void> {
      if (roles?.some((role) => role === actor.role) === false) throw Problem.refused({ code: 'not-permitted' });
      const asked = readQuery(parameters, query) as never;
      const ports = portsFor(actor, req);
      if ((await mayAsk?.(asked, ports)) === false) throw Problem.refused({ code: 'not-permitted' });
      const away = exported?.(asked);
      if (away !== undefined) await journal.record(actor, { type: 'Exported', data: away });
      const answer = (await question.read(asked, ports)) as never;
      const form = formFor(req, offered);
      if (form === XLSX && sheets !== undefined) this.save(res, 'xlsx', await renderWorkbook(sheets(answer, ports.language)));
      else if (form === PDF && paper !== undefined) {
        const origin = { at: ports.now, hash: hashOf(answer), address: addressOf(path, asked) };
        this.save(res, 'pdf', await renderReport(paper(answer, ports.language), origin, ports.language));
      } else {
        const render = forms[form];
        if (render === undefined) res.json(answer);
        else res.type(form).send(render(answer, asked, ports.language));
      }
    }

    private save(res: Response, ending: string, content: Buffer): void {
      res
        .attachment(`${path.replaceAll('/', '-')}.${ending}`)
        .set('Content-Security-Policy', "default-src 'none'; sandbox")
        .send(content);
    }
  }
  return QueryController;
};

const workingDaysIn = (calendar: CalendarTable, from: string, to: string): number | null => {
  const days = workingDaysBetween(calendar, from.slice(0, DATE_LENGTH), to.slice(0, DATE_LENGTH));
  return days.ok ? days.value : null;
};

/** Of the answer as it is sent as JSON, without the moment at which it was made: whoever asks later comes to the same, as long as nothing has changed. */
const hashOf = (answer: object): string => {
  const { madeAt: _, ...said } = JSON.parse(JSON.stringify(answer)) as Readonly<Record<string, unknown>>;
  return sha256Hex(canonicalJson(said));
};

/** As people read it. */
const addressOf = (path: string, asked: object): string =>
  `/v1/${path}?${Object.entries(asked)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('&')}`;

const idIn = (view: AnyView, { aggregate }: EntityQueries): string =>
  String((view as unknown as Readonly<Record<string, unknown>>)[aggregate.idName]);

/** By `Accept`; the first that is offered where it names none of them. */
const formFor = (req: Request, offered: readonly string[]): string => {
  const types = offered.map((type) => type.split(';')[0] ?? type);
  const wanted = req.accepts([...types]);
  const index = wanted === false ? 0 : types.indexOf(wanted);
  return offered[Math.max(0, index)] ?? 'application/json';
};
