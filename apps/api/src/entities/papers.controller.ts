import { Controller, Get, Header, Param, Query, Req, Res, type Type } from '@nestjs/common';
import { wholeNumber } from '@qiyue/civic-contracts';
import type { Actor } from '@qiyue/engine';
import { renderPaper, type PaperOrigin } from '@qiyue/papers';
import type { AnyView } from '@qiyue/aggregate';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { languageOf } from '../http/language';
import { behindItsEnd } from '../http/edge-problems';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import type { EntityQueries } from './entity-queries';
import type { EntityReader } from './entity-reader';
import { toHistoryEvent, viewOf } from './history';

export const paperQuery = z.strictObject({
  seq: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().meta({ description: 'As it was after so many events; left out: as it is' }),
});

export interface PaperPorts {
  readonly queries: EntityQueries;
  readonly reader: EntityReader;
  /** Shows the history of an entity on the command line; its id comes behind. */
  readonly historyCommand: string;
}

/** `GET /v1/<path>/{id}/papers/<name>`: what can be printed of an entity, for whoever may read it, with what they may read in it. */
export const papersControllerOf = ({ queries, reader, historyCommand }: PaperPorts): Type => {
  const { path, idName, noun, papers = {}, model } = queries.aggregate;
  const originOf = (id: string, { seq, hash, updatedAt }: AnyView): PaperOrigin => ({
    ...{ noun, id, seq, hash, at: updatedAt },
    ...{ command: `${historyCommand} ${id}`, address: `/v1/${path}/${id}/history` },
  });

  @Controller(`v1/${path}/:${idName}/papers`)
  class PapersController {
    @Get(':paper')
    @Header('Content-Security-Policy', "default-src 'none'; sandbox")
    async print(
      @Param(idName) id: string,
      @Param('paper') name: string,
      @Query() query: unknown,
      @CurrentActor() actor: Actor,
      @Req() req: Request,
      @Res() res: Response,
    ): Promise<void> {
      const { seq } = readQuery(paperQuery, query);
      const paper = Object.hasOwn(papers, name) ? papers[name] : undefined;
      const records = await queries.records(id);
      if (paper === undefined) throw Problem.edge('no-such-paper');
      const printed = records.slice(0, seq ?? records.length);
      const [then, now] = [viewOf(model, printed), viewOf(model, records)];
      if (printed.length < (seq ?? 0)) throw Problem.edge('no-such-state', { detail: behindItsEnd(printed.length) });
      if (then === null || now === null) throw Problem.edge('no-such-state');
      const view = (await reader.view(id, then, actor, now)) as AnyView;
      const events = await reader.history(id, printed.map(toHistoryEvent), now, actor);
      const language = languageOf(req);
      const document = paper.documentOf({ view, events, language });
      if (document === null) throw Problem.edge('no-such-paper');
      const content = await renderPaper(document, originOf(id, then), language);
      res.type('application/pdf').set('Content-Disposition', `attachment; filename="${name}-${id}-${then.seq}.pdf"`).send(content);
    }
  }
  return PapersController;
};
