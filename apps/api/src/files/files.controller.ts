import { Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { aboutEntity, type Journal } from '@qiyue/audit';
import { fileUrnOf } from '@qiyue/civic-contracts';
import { marked, type FileFacts, type FileStore } from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import type { AnyView } from '@qiyue/aggregate';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { EntityQueries } from '../entities/entity-queries';
import type { EntityReader } from '../entities/entity-reader';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import { unlessAway } from '../http/unless-away';
import { FILE_TYPES, type FileType } from './file-content';
import { receivedFileOf } from './received-files';

const noQuery = z.strictObject({});

/** `url` is how `photos` and `evidence` name it; the entity's id stands under its aggregate's name. */
export type AttachedFile = Omit<FileFacts, 'entity'> & { readonly url: string } & Readonly<Record<string, string | number>>;

export interface FilePorts {
  readonly queries: EntityQueries;
  readonly reader: EntityReader;
  readonly files: FileStore;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Photos and documents of entities of one aggregate, sealed under the key of whoever attached them. */
export const filesControllerOf = ({ queries, reader, files, journal, clock }: FilePorts): Type => {
  const { path, idName, noun, refusals } = queries.aggregate;
  const notPermitted = (): Problem => Problem.refused({ code: 'not-permitted' }, {}, refusals);
  const attached = ({ fileId, entity, ...facts }: FileFacts): AttachedFile => ({
    ...{ fileId, [idName]: entity },
    ...facts,
    url: fileUrnOf(fileId),
  });
  const markOf = ({ id, role, unit }: Actor, { entity, fileId }: FileFacts): string => {
    const at = toShanghaiIso(clock.nowMs());
    return `Qiyue 契约: ${id} (${[role, unit].filter(Boolean).join(', ')}) ${at}, ${noun.en} ${entity}, file ${fileId.slice(0, 12)}`;
  };
  /** The entity, for whoever may see its files. */
  const mine = async (id: string, actor: Actor): Promise<AnyView> => {
    const view = await queries.standing(id);
    if (!(await reader.maySeeFiles(id, view, actor))) throw notPermitted();
    return view;
  };

  @Controller(`v1/${path}/:${idName}/files`)
  class FilesController {
    @Post()
    @HttpCode(201)
    async attach(@Param(idName) id: string, @Req() req: Request, @CurrentActor() actor: Actor): Promise<AttachedFile> {
      const view = await queries.standing(id);
      if (!(await reader.mayAttach(id, view, actor))) throw notPermitted();
      const { content, mediaType } = await receivedFileOf(req.body);
      const at = toShanghaiIso(clock.nowMs());
      const file = await unlessAway(files.add(content, { entity: id, mediaType, by: actor.id, at }));
      if (file === null) throw Problem.edge('too-many-files');
      const data = { ...aboutEntity(idName, id), fileId: file.fileId, mediaType, bytes: file.bytes };
      await journal.record(actor, { type: 'FileAttached', data });
      return attached(file);
    }

    @Get()
    async list(@Param(idName) id: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<{ items: AttachedFile[] }> {
      readQuery(noQuery, query);
      const view = await mine(id, actor);
      const nameOf = await reader.namesIn(id, view, actor);
      return { items: (await files.list(id)).map((file) => attached({ ...file, by: nameOf(file.by) })) };
    }

    /** Always to be saved, never shown in our own origin; whoever finds it later can read in it who took it away, and when. */
    @Get(':fileId')
    @Header('Content-Security-Policy', "default-src 'none'; sandbox")
    async content(@Param(idName) id: string, @Param('fileId') fileId: string, @CurrentActor() actor: Actor, @Res() res: Response): Promise<void> {
      const view = await mine(id, actor);
      const file = /^[0-9a-f]{64}$/.test(fileId) ? await files.find(id, fileId) : null;
      const content = file === null ? null : await unlessAway(files.open(id, fileId));
      if (file === null || content === null) throw Problem.edge('no-such-file');
      if (file.by !== actor.id) await reader.tellFile(id, view, actor);
      const ending = FILE_TYPES[file.mediaType as FileType];
      res
        .type(file.mediaType)
        .set('Content-Disposition', `attachment; filename="${fileId.slice(0, 12)}.${ending}"`)
        .send(marked(content, file.mediaType, markOf(actor, file)));
    }
  }
  return FilesController;
};
