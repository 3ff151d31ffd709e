import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { Denials, PROCESS_ACTOR, type Journal, type LoginFailure } from '@qiyue/audit';
import { PendingLogins, SESSION_MS, SessionStore, type PendingLogin } from '@qiyue/edge';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Request, Response } from 'express';
import { JOURNAL } from '../audit/journal.token';
import { actorOf, tokenEndsAtMs } from '../http/authenticate';
import { z } from 'zod';
import { readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { cookieOf, dropCookie, LOGIN_COOKIE, SESSION_COOKIE, setCookie } from './cookies';
import { LoginRefused, SecondFactorMissing, type OidcLogin } from './oidc-login';

export const OIDC_LOGIN = Symbol('oidc login');
const LOGIN_MS = 600_000;
const logoutForm = z.looseObject({ logout_token: z.string().min(1).max(10_000) });

/** Who one is, for the pages. `csrf` goes into `X-Qiyue-CSRF` of whatever writes; null for those who came with a token or key. */
export interface Me {
  readonly actor: Actor;
  readonly expiresAt: string;
  readonly csrf: string | null;
}

@Controller()
export class LoginController {
  constructor(
    @Inject(OIDC_LOGIN) private readonly login: { readonly oidc: OidcLogin | null },
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(PendingLogins) private readonly pending: PendingLogins,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(Denials) private readonly denials: Pick<Denials, 'add'>,
  ) {}

  @Get('login')
  async begin(@Query('returnTo') returnTo: unknown, @Res() res: Response): Promise<void> {
    const oidc = this.oidc();
    const { url, pending } = await oidc.begin(localPath(returnTo)).catch(() => {
      throw Problem.edge('unavailable');
    });
    setCookie(res, LOGIN_COOKIE, this.pending.seal(pending, await oidc.secret()), LOGIN_MS, oidc);
    res.redirect(302, url.href);
  }

  @Get('login/callback')
  async finish(@Req() req: Request, @Res() res: Response): Promise<void> {
    const oidc = this.oidc();
    const pending = await this.begun(req, oidc);
    const { actor, ...facts } = await oidc.finish(new URL(req.originalUrl, oidc.redirect).search, pending).catch((error: unknown) => {
      if (error instanceof SecondFactorMissing) return this.failed('second-factor', 'second-factor');
      const isRefused = error instanceof LoginRefused;
      return this.failed(isRefused ? 'refused' : 'no-answer', isRefused ? 'login-refused' : 'unavailable');
    });
    await this.journal.insist(actor, { type: 'LoggedIn', data: { by: 'oidc' } });
    const { id: session } = await unlessAway(this.sessions.open(actor, facts));
    dropCookie(res, LOGIN_COOKIE, oidc);
    setCookie(res, SESSION_COOKIE, session, SESSION_MS, oidc);
    res.redirect(302, pending.returnTo);
  }

  /** OpenID Connect Back-Channel Logout: whoever logged out at the provider is logged out here. */
  @Post('login/backchannel-logout')
  @HttpCode(200)
  async ended(@Body() form: unknown, @Res({ passthrough: true }) res: Response): Promise<void> {
    res.setHeader('Cache-Control', 'no-store');
    const { logout_token: token } = readBody(logoutForm, form);
    const ended = await this.oidc()
      .ended(token)
      .catch(() => {
        throw Problem.edge('unavailable');
      });
    if (ended === null) throw Problem.edge('bad-logout-token');
    const count = await this.sessions.endAll(ended);
    await this.journal.record(PROCESS_ACTOR, { type: 'LoggedOut', data: { by: 'provider', ended: count } });
  }

  @Get('v1/me')
  async me(@Req() req: Request): Promise<Me> {
    const id = req.headers.authorization === undefined ? cookieOf(req, SESSION_COOKIE) : null;
    const session = id === null ? null : await unlessAway(this.sessions.find(id));
    return { actor: actorOf(req), expiresAt: toShanghaiIso(tokenEndsAtMs(req)), csrf: session?.csrf ?? null };
  }

  @Post('v1/logout')
  @HttpCode(204)
  async logout(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<void> {
    const id = cookieOf(req, SESSION_COOKIE);
    if (id !== null) await this.sessions.close(id);
    await this.journal.record(actorOf(req), { type: 'LoggedOut', data: { by: 'oidc' } });
    dropCookie(res, SESSION_COOKIE, { isSecure: this.login.oidc?.isSecure ?? true });
  }

  private async begun(req: Request, oidc: OidcLogin): Promise<PendingLogin> {
    const value = cookieOf(req, LOGIN_COOKIE);
    const pending = value === null ? 'unknown' : await this.pending.take(value, await oidc.secret());
    return typeof pending === 'string' ? this.failed(pending, 'login-refused') : pending;
  }

  /** Nobody is named: who it was is not known. From where is. */
  private async failed(why: LoginFailure, code: 'login-refused' | 'second-factor' | 'unavailable'): Promise<never> {
    await this.denials.add(PROCESS_ACTOR, { type: 'LoginFailed', data: { why } });
    throw Problem.edge(code);
  }

  private oidc(): OidcLogin {
    if (this.login.oidc === null) throw Problem.edge('no-such-route');
    return this.login.oidc;
  }
}

/** A path of ours and nothing else: `//evil.example` and `/\evil.example` are other hosts to a browser. */
export const localPath = (returnTo: unknown): string =>
  typeof returnTo === 'string' && returnTo.length <= 1_000 && /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo) && !returnTo.includes('\\') ? returnTo : '/';
