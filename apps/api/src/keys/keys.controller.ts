import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { ApiKeyStore, ForgedRights, KEY_ROLES, SCOPES, type ApiKey } from '@qiyue/edge';
import { instantMsOf, type Actor } from '@qiyue/engine';
import { line, rule } from '@qiyue/civic-contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, permitAsSecond, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';

export const keyBody = z
  .strictObject({
    name: line(100),
    role: z.enum(KEY_ROLES).default('service'),
    unit: line(200).nullable().default(null),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .refine(({ role, unit }) => role !== 'department' || unit !== null, { ...rule('unit-of-department'), path: ['unit'] });

export interface CreatedKey extends ApiKey {
  /** Shown this once. */
  readonly token: string;
}
export interface KeyList {
  readonly items: readonly ApiKey[];
}

@Controller('v1/keys')
export class KeysController {
  constructor(
    @Inject(ApiKeyStore) private readonly keys: ApiKeyStore,
    @Inject(ForgedRights) private readonly forged: ForgedRights,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor): Promise<KeyList> {
    permit(actor, 'GET /v1/keys');
    return { items: await unlessAway(this.keys.list()) };
  }

  /** 201: it opens from now on. 202: another operator has to approve it. On record before it is there. */
  @Post()
  async create(@Body() asked: unknown, @CurrentActor() actor: Actor, @Res({ passthrough: true }) res: Response): Promise<CreatedKey> {
    permit(actor, 'POST /v1/keys');
    const draft = this.keys.draft(readBody(this.bodyOfNow(), asked), actor);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'create-key', ...onRecord(draft.key) } });
    await unlessAway(this.keys.keep(draft));
    res.status(draft.key.state === 'pending' ? 202 : 201);
    return { ...draft.key, token: draft.token };
  }

  @Post(':keyId/approve')
  @HttpCode(200)
  async approve(@Param('keyId') keyId: string, @CurrentActor() actor: Actor): Promise<ApiKey> {
    permit(actor, 'POST /v1/keys/{keyId}/approve');
    const key = await unlessAway(this.keys.get(keyId));
    if (key === null) throw Problem.edge('no-such-key');
    permitAsSecond(actor, key.createdBy);
    if (key.state !== 'pending') throw Problem.edge('not-pending');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'approve-key', ...onRecord(key), requestedBy: key.createdBy } });
    return (await unlessAway(this.keys.approve(keyId, actor))) ?? refuse();
  }

  @Delete(':keyId')
  @HttpCode(204)
  async revoke(@Param('keyId') keyId: string, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'DELETE /v1/keys/{keyId}');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'revoke-key', on: keyId } });
    const became = await unlessAway(this.keys.revoke(keyId));
    if (became === 'not-there') throw Problem.edge('no-such-key');
    if (became === 'removed') await this.forged.clear({ kind: 'apiKeys', row: keyId });
  }

  private bodyOfNow() {
    const fits = ({ expiresAt }: z.infer<typeof keyBody>) => expiresAt === null || instantMsOf(expiresAt) <= this.keys.endsAtMostMs;
    return keyBody.refine(fits, { ...rule('expiry-bound'), path: ['expiresAt'] });
  }
}

const onRecord = ({ keyId, name, role, unit, scopes, expiresAt }: ApiKey) => ({ on: keyId, key: { name, role, unit, scopes, expiresAt } });

/** Somebody else was quicker. */
const refuse = (): never => {
  throw Problem.edge('not-pending');
};
