import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  ErasureHolds,
  ErasureRequests,
  eraseSubject,
  isErasable,
  PersonalSeal,
  sweepEnded,
  type Clock,
  type Erased,
  type ErasureDeps,
  type ErasureRequest,
  type Hold,
  type Journal,
  type Swept,
} from '@qiyue/adapters';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { needCommandSchemas, PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import type { PublicNeedCommandType, Retention } from '@qiyue/need-domain';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { maySeePersonal } from '../http/credential';
import { permit, permitAsSecond, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { CLOCK } from '../notices/notices.controller';
import { exportPerson, type ExportPorts, type PersonExport } from './person-export';

/** What an export reads. */
export const EXPORT = Symbol('export');
/** What a sweep of what has ended needs. */
export const ENDED = Symbol('ended');
export type Ended = Parameters<typeof sweepEnded>[2] & { readonly retention: () => Retention };
/** What the port of erasure leans on. */
export const ERASURE = Symbol('erasure');

export const erasureBody = z.strictObject({ subject: z.string().min(1).max(200) });
/** Left out: whoever asks. */
export const exportBody = z.strictObject({ subject: z.string().min(1).max(200).optional() });
/** The number of a case, not a story about a person. */
export const holdBody = z.strictObject({ reference: z.string().trim().min(1).max(100) });
export const sealBody = z.strictObject({
  command: z.enum(PUBLIC_NEED_COMMANDS as [PublicNeedCommandType, ...PublicNeedCommandType[]]),
  body: z.record(z.string(), z.unknown()),
});

export interface SealedBody {
  readonly body: object;
}

/** `holds`: while there are any, nobody can approve it. */
export interface ShownErasure extends ErasureRequest {
  readonly holds: readonly Hold[];
}
export interface ErasureList {
  readonly items: readonly ShownErasure[];
}

@Controller('v1/privacy')
export class PrivacyController {
  constructor(
    @Inject(PersonalSeal) private readonly seal: PersonalSeal,
    @Inject(ERASURE) private readonly erasure: ErasureDeps,
    @Inject(EXPORT) private readonly exports: ExportPorts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENDED) private readonly ended: Ended,
    @Inject(ErasureRequests) private readonly requests: ErasureRequests,
    @Inject(ErasureHolds) private readonly holds: ErasureHolds,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  /** The body of a command as it may be sent over Kafka: what people wrote is sealed under the key of whoever asks. */
  @Post('sealed-bodies')
  @HttpCode(200)
  async sealed(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<SealedBody> {
    const { command, body } = readBody(sealBody, asked);
    const data: object = readBody(needCommandSchemas[command], body);
    return { body: await unlessAway(this.seal.seal(command, data, actor.id)) };
  }

  @Get('erasures')
  async list(@CurrentActor() actor: Actor): Promise<ErasureList> {
    permit(actor, 'GET /v1/privacy/erasures');
    return { items: await Promise.all((await unlessAway(this.requests.list())).map((request) => this.shown(request))) };
  }

  /** Nothing is destroyed yet: another person has to approve it. */
  @Post('erasures')
  @HttpCode(202)
  async ask(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<ShownErasure> {
    permit(actor, 'POST /v1/privacy/erasures');
    const { subject } = readBody(erasureBody, asked);
    if (!isErasable(subject)) throw Problem.edge('not-erasable');
    const request = this.requests.draft(subject, actor);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'request-erasure', on: subject } });
    await unlessAway(this.requests.keep(request));
    return this.shown(request);
  }

  @Post('erasures/:erasureId/approve')
  @HttpCode(200)
  async approve(@Param('erasureId') erasureId: string, @CurrentActor() actor: Actor): Promise<Erased> {
    permit(actor, 'POST /v1/privacy/erasures/{erasureId}/approve');
    const request = await unlessAway(this.requests.get(erasureId));
    if (request === null) throw Problem.edge('no-such-erasure');
    permitAsSecond(actor, request.requestedBy);
    if (request.state !== 'pending') throw Problem.edge('not-pending');
    if ((await this.holds.of(request.subject)).length > 0) throw Problem.edge('on-hold');
    const approved = await unlessAway(this.requests.approve(erasureId, actor));
    if (approved === null) throw Problem.edge('not-pending');
    return unlessAway(eraseSubject(approved, this.erasure));
  }

  /** What they wrote stays until the hold is lifted. */
  @Put('holds/:subject')
  @HttpCode(204)
  async hold(@Param('subject') subject: string, @Body() asked: unknown, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'PUT /v1/privacy/holds/{subject}');
    const { reference } = readBody(holdBody, asked);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'hold-erasure', on: subject } });
    await this.holds.order(subject, reference, actor);
  }

  @Delete('holds/:subject')
  @HttpCode(204)
  async lift(@Param('subject') subject: string, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'DELETE /v1/privacy/holds/{subject}');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'lift-hold', on: subject } });
    await this.holds.lift(subject);
  }

  /** Files of what has been over for longer than the policy keeps personal words. */
  @Post('retention')
  @HttpCode(200)
  async sweep(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<Swept> {
    permit(actor, 'POST /v1/privacy/retention');
    readBody(z.strictObject({}), asked);
    const now = toShanghaiIso(this.clock.nowMs());
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'sweep-retention', on: null } });
    return sweepEnded(now, this.ended.retention(), this.ended);
  }

  /** All that is held about a person: for themselves, or for the centre to hand to them. On record before anything is read. */
  @Post('exports')
  @HttpCode(200)
  @Header('Content-Disposition', 'attachment; filename="personal-data.json"')
  async export(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<PersonExport> {
    const { subject = actor.id } = readBody(exportBody, asked);
    if (!maySeePersonal(actor)) throw Problem.refused({ code: 'not-permitted' });
    if (subject !== actor.id) permit(actor, 'POST /v1/privacy/exports');
    await this.journal.insist(actor, { type: 'Exported', data: { what: 'personal-data', subject } });
    return unlessAway(exportPerson(subject, actor, toShanghaiIso(this.clock.nowMs()), this.exports));
  }

  private async shown(request: ErasureRequest): Promise<ShownErasure> {
    return { ...request, holds: request.state === 'pending' ? await this.holds.of(request.subject) : [] };
  }
}
