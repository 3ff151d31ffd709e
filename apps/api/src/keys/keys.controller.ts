import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiKeyStore, KEY_ROLES, SCOPES, type ApiKey, type Journal } from '@qiyue/adapters';
import { line } from '@qiyue/need-contracts';
import { instantMsOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { Problem } from '../http/problem';

export const keyBody = z
  .strictObject({
    name: line(100),
    role: z.enum(KEY_ROLES).default('service'),
    unit: line(200).nullable().default(null),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .refine(({ role, unit }) => role !== 'department' || unit !== null, { path: ['unit'] });

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
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor): Promise<KeyList> {
    permit(actor, 'GET /v1/keys');
    return { items: await this.keys.list() };
  }

  @Post()
  @HttpCode(201)
  async create(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<CreatedKey> {
    permit(actor, 'POST /v1/keys');
    const { expiresAt, ...body } = readBody(keyBody, asked);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'create-key', on: body.name } });
    const { key, token } = await this.keys.create({ ...body, expiresAt: expiresAt === null ? null : toShanghaiIso(instantMsOf(expiresAt)) }, actor);
    return { ...key, token };
  }

  @Delete(':keyId')
  @HttpCode(204)
  async revoke(@Param('keyId') keyId: string, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'DELETE /v1/keys/{keyId}');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'revoke-key', on: keyId } });
    if (!(await this.keys.revoke(keyId))) throw Problem.edge('no-such-key');
  }
}
