import { Controller, Delete, Get, HttpCode, Inject, Param, Req } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { SessionStore, type ShownSession } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { Request } from 'express';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit } from '../http/permit';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { cookieOf, SESSION_COOKIE } from './cookies';

export interface SessionList {
  readonly items: readonly ShownSession[];
}
export interface EndedSessions {
  readonly ended: number;
}

/** Where one is logged in, and how to end it. */
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async list(@Req() req: Request, @CurrentActor() actor: Actor): Promise<SessionList> {
    return { items: await unlessAway(this.sessions.listOf(actor.id, cookieOf(req, SESSION_COOKIE))) };
  }

  @Delete(':sessionId')
  @HttpCode(204)
  async end(@Param('sessionId') sessionId: string, @CurrentActor() actor: Actor): Promise<void> {
    if (!(await this.sessions.end(actor.id, sessionId))) throw Problem.edge('no-such-session');
    await this.journal.record(actor, { type: 'LoggedOut', data: { by: 'session-list' } });
  }

  /** All of a person: a lost telephone, somebody who has left. */
  @Delete('of/:actorId')
  @HttpCode(200)
  async endAll(@Param('actorId') actorId: string, @CurrentActor() actor: Actor): Promise<EndedSessions> {
    permit(actor, 'DELETE /v1/sessions/of/{actorId}');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'end-sessions', on: actorId } });
    return { ended: await this.sessions.endAll({ actorId }) };
  }
}
