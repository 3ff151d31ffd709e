import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { fileUrnOf } from '@qiyue/civic-contracts';
import { FileStore } from '@qiyue/edge';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Clock } from '@qiyue/platform';
import type { Request } from 'express';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { CLOCK } from '../notices/notices.controller';
import { JOURNAL } from '../audit/journal.token';
import { receivedFileOf } from './received-files';

/** What was sent ahead of the command that names it by its `url`. */
export interface UploadedFile {
  readonly fileId: string;
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Business time, ISO 8601 with offset. */
  readonly at: string;
}

/** Photos and documents that no entity has yet: their sender's alone until a command names them, and gone after a day if none does. */
@Controller('v1/files')
export class UploadsController {
  constructor(
    @Inject(FileStore) private readonly files: FileStore,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  @Post()
  @HttpCode(201)
  async upload(@Req() req: Request, @CurrentActor() actor: Actor): Promise<UploadedFile> {
    const { content, mediaType } = await receivedFileOf(req.body);
    const file = await unlessAway(this.files.upload(content, { mediaType, by: actor.id, at: toShanghaiIso(this.clock.nowMs()) }));
    if (file === null) throw Problem.edge('too-many-uploads');
    const { fileId, bytes, at } = file;
    await this.journal.record(actor, { type: 'FileAttached', data: { fileId, mediaType, bytes } });
    return { fileId, url: fileUrnOf(fileId), mediaType: file.mediaType, bytes, at };
  }
}
