import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { eraseSubject, PersonalSeal, type Erased, type ErasureDeps } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import { needCommandSchemas, PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { unlessAway } from '../http/unless-away';

/** What the port of erasure leans on. */
export const ERASURE = Symbol('erasure');

export const erasureBody = z.strictObject({ subject: z.string().min(1).max(200) });
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
}
