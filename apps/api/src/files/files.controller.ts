import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { FileStore, marked, withoutMetadata, type Clock, type FileFacts, type Journal } from '@qiyue/adapters';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { mayAttach, type NeedView } from '@qiyue/need-views';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';
import { unlessAway } from '../http/unless-away';
import { NeedQueries } from '../needs/need-queries';
import { NeedReader } from '../needs/visible';
import { CLOCK } from '../notices/notices.controller';
import { FILE_TYPES, fileTypeOf, type FileType } from './file-content';

const noQuery = z.strictObject({});

/** `url` is how `photos` and `evidence` name it. */
export type AttachedFile = FileFacts & { readonly url: string };

/** Photos and documents of a need, sealed under the key of whoever attached them. */
@Controller('v1/needs/:needId/files')
export class FilesController {
  constructor(
    @Inject(FileStore) private readonly files: FileStore,
    @Inject(NeedQueries) private readonly needs: NeedQueries,
    @Inject(NeedReader) private readonly reader: NeedReader,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(201)
  async attach(@Param('needId') needId: string, @Req() req: Request, @CurrentActor() actor: Actor): Promise<AttachedFile> {
    const need = await this.needs.standing(needId);
    if (!mayAttach(await this.reader.knownAs(actor, needId), need)) throw Problem.refused({ code: 'not-permitted' });
    const sent: unknown = req.body;
    const mediaType = Buffer.isBuffer(sent) ? await fileTypeOf(sent) : null;
    if (!Buffer.isBuffer(sent) || mediaType === null) throw Problem.edge('unsupported-file');
    const content = withoutMetadata(sent, mediaType);
    if (content === null) throw Problem.edge('unreadable-file');
    const at = toShanghaiIso(this.clock.nowMs());
    const file = await unlessAway(this.files.add(content, { needId, mediaType, by: actor.id, at }));
    if (file === null) throw Problem.edge('too-many-files');
    await this.journal.record(actor, { type: 'FileAttached', data: { needId, fileId: file.fileId, mediaType, bytes: file.bytes } });
    return attached(file);
  }

  @Get()
  async list(@Param('needId') needId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<{ items: AttachedFile[] }> {
    readQuery(noQuery, query);
    const need = await this.mine(needId, actor);
    const nameOf = await this.reader.namesIn(need, actor);
    return { items: (await this.files.list(need.needId)).map((file) => attached({ ...file, by: nameOf(file.by) })) };
  }

  /** Always to be saved, never shown in our own origin; whoever finds it later can read in it who took it away, and when. */
  @Get(':fileId')
  @Header('Content-Security-Policy', "default-src 'none'; sandbox")
  async content(@Param('needId') needId: string, @Param('fileId') fileId: string, @CurrentActor() actor: Actor, @Res() res: Response): Promise<void> {
    const need = await this.mine(needId, actor);
    const file = /^[0-9a-f]{64}$/.test(fileId) ? await this.files.find(needId, fileId) : null;
    const content = file === null ? null : await unlessAway(this.files.open(needId, fileId));
    if (file === null || content === null) throw Problem.edge('no-such-file');
    if (file.by !== actor.id) await this.reader.tellFile(need, actor);
    const ending = FILE_TYPES[file.mediaType as FileType];
    res
      .type(file.mediaType)
      .set('Content-Disposition', `attachment; filename="${fileId.slice(0, 12)}.${ending}"`)
      .send(marked(content, file.mediaType, this.markOf(actor, file)));
  }

  private markOf({ id, role, unit }: Actor, { needId, fileId }: FileFacts): string {
    const at = toShanghaiIso(this.clock.nowMs());
    return `Qiyue 契约: ${id} (${[role, unit].filter(Boolean).join(', ')}) ${at}, need ${needId}, file ${fileId.slice(0, 12)}`;
  }

  /** The need, for whoever may see its files. */
  private async mine(needId: string, actor: Actor): Promise<NeedView> {
    const need = await this.needs.standing(needId);
    if (!(await this.reader.maySeeFiles(need, actor))) throw Problem.refused({ code: 'not-permitted' });
    return need;
  }
}

const attached = (file: FileFacts): AttachedFile => ({ ...file, url: `urn:qiyue:file:${file.fileId}` });
