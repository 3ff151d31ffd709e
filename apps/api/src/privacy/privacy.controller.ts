import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { eraseSubject, PersonalSeal, sweepEnded, type Clock, type Erased, type ErasureDeps, type Swept } from '@qiyue/adapters';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { needCommandSchemas, PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import type { PublicNeedCommandType, Retention } from '@qiyue/need-domain';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
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
export const sealBody = z.strictObject({
  command: z.enum(PUBLIC_NEED_COMMANDS as [PublicNeedCommandType, ...PublicNeedCommandType[]]),
  body: z.record(z.string(), z.unknown()),
});

export interface SealedBody {
  readonly body: object;
}

@Controller('v1/privacy')
export class PrivacyController {
  constructor(
    @Inject(PersonalSeal) private readonly seal: PersonalSeal,
    @Inject(ERASURE) private readonly erasure: ErasureDeps,
    @Inject(EXPORT) private readonly exports: ExportPorts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENDED) private readonly ended: Ended,
  ) {}

  /** The body of a command as it may be sent over Kafka: what people wrote is sealed under the key of whoever asks. */
  @Post('sealed-bodies')
  @HttpCode(200)
  async sealed(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<SealedBody> {
    const { command, body } = readBody(sealBody, asked);
    const data: object = readBody(needCommandSchemas[command], body);
    return { body: await unlessAway(this.seal.seal(command, data, actor.id)) };
  }

  @Post('erasures')
  @HttpCode(200)
  async erase(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<Erased> {
    permit(actor, 'POST /v1/privacy/erasures');
    const { subject } = readBody(erasureBody, asked);
    return unlessAway(eraseSubject(subject, actor, this.erasure));
  }

  /** Files of what has been over for longer than the policy keeps personal words. */
  @Post('retention')
  @HttpCode(200)
  async sweep(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<Swept> {
    permit(actor, 'POST /v1/privacy/retention');
    readBody(z.strictObject({}), asked);
    const now = toShanghaiIso(this.clock.nowMs());
    await this.erasure.journal.insist(actor, { type: 'OperatorActed', data: { action: 'sweep-retention', on: null } });
    return sweepEnded(now, this.ended.retention(), this.ended);
  }

  /** All that is held about a person: for themselves, or for the centre to hand to them. On record before anything is read. */
  @Post('exports')
  @HttpCode(200)
  @Header('Content-Disposition', 'attachment; filename="personal-data.json"')
  async export(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<PersonExport> {
    const { subject = actor.id } = readBody(exportBody, asked);
    if (subject !== actor.id) permit(actor, 'POST /v1/privacy/exports');
    await this.erasure.journal.insist(actor, { type: 'Exported', data: { what: 'personal-data', subject } });
    return unlessAway(exportPerson(subject, actor, toShanghaiIso(this.clock.nowMs()), this.exports));
  }
}
