import { Controller, Get, Param, Req, Res, type Type } from '@nestjs/common';
import { spokenNumberOf } from '@qiyue/civic-domain';
import type { Request, Response } from 'express';
import type { EntityQueries } from '../entities/entity-queries';
import { languageOf } from '../http/language';
import { absentPage, closedPage, openPage, PAGE_POLICY } from './html-page';

/** `GET /<path>/{id}`: where the link of a notice leads, for whoever opens it. Without a token there is what is public, and how to read more. */
export const pageControllerOf = (queries: Pick<EntityQueries, 'aggregate' | 'known'>): Type => {
  const { path, idName, noun, listing, publicPage } = queries.aggregate;

  @Controller(path)
  class PageController {
    @Get(`:${idName}`)
    async page(@Param(idName) id: string, @Req() req: Request, @Res() res: Response): Promise<void> {
      const language = languageOf(req);
      res
        .set({ 'Content-Security-Policy': PAGE_POLICY, 'Cache-Control': 'no-store', 'Content-Language': language, Vary: 'Accept-Language' })
        .type('html');
      if (publicPage === undefined) return void res.send(closedPage(noun, language));
      const view = await queries.known(id);
      if (view === null) return void res.status(404).send(absentPage(noun, language));
      const number = listing.isNumbered === true ? spokenNumberOf(id, view.createdAt) : null;
      res.send(openPage(publicPage(view, language), number, language));
    }
  }
  return PageController;
};
