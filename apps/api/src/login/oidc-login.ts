import { readFile } from 'node:fs/promises';
import { dutiesIn, loginClaims, SecondFactor, type LoginFacts, type PendingLogin, type SecondFactorSettings } from '@qiyue/edge';
import type { Settings } from '@qiyue/platform';
import type { Actor } from '@qiyue/engine';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { LogoutTokens, type EndedLogin } from './logout-token';

export type OidcSettings = SecondFactorSettings &
  Partial<Pick<Settings, 'QIYUE_OIDC_ISSUER' | 'QIYUE_OIDC_CLIENT_ID' | 'QIYUE_OIDC_CLIENT_SECRET_FILE' | 'QIYUE_OIDC_REDIRECT'>>;

/** Somebody came back with what does not fit. Says nothing of what it was. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
}

/** They are who they say, but have not shown a second factor, which their role needs. */
export class SecondFactorMissing extends LoginRefused {}

/** Who came back, and what their provider says of it. */
export interface FinishedLogin extends LoginFacts {
  readonly actor: Actor;
}
const idTokenClaims = loginClaims.extend({ sid: z.string().min(1).max(500).optional() });

/**
 * Login by a browser at the county's identity provider: OpenID Connect, authorization code with PKCE, state and nonce. The provider is
 * looked up with the first login, so that a start does not wait for it.
 */
export class OidcLogin {
  private config: Promise<oidc.Configuration> | null = null;
  private logouts: LogoutTokens | null = null;

  private constructor(
    private readonly issuer: URL,
    private readonly clientId: string,
    private readonly secretFile: string,
    readonly redirect: URL,
    private readonly secondFactor: SecondFactor,
  ) {}

  /** Null where nothing is set. Throws one sentence when only some of it is. */
  static of(settings: OidcSettings): OidcLogin | null {
    const { QIYUE_OIDC_ISSUER: issuer, QIYUE_OIDC_CLIENT_ID: id, QIYUE_OIDC_CLIENT_SECRET_FILE: secret, QIYUE_OIDC_REDIRECT: redirect } = settings;
    const given = [issuer, id, secret, redirect].filter((setting) => setting !== undefined);
    if (given.length === 0) return null;
    if (issuer === undefined || id === undefined || secret === undefined || redirect === undefined)
      throw new Error(
        'settings refused:\n  QIYUE_OIDC_ISSUER, QIYUE_OIDC_CLIENT_ID, QIYUE_OIDC_CLIENT_SECRET_FILE and QIYUE_OIDC_REDIRECT: all are needed, or none',
      );
    return new OidcLogin(new URL(issuer), id, secret, new URL(redirect), new SecondFactor(settings));
  }

  get isSecure(): boolean {
    return this.redirect.protocol === 'https:';
  }

  /** What every process of ours knows and nobody else: logins under way are sealed by it. */
  async secret(): Promise<string> {
    return (await readFile(this.secretFile, 'utf8')).trim();
  }

  /** Where the browser is to go, and what has to be remembered until it comes back. */
  async begin(returnTo: string): Promise<{ readonly url: URL; readonly pending: PendingLogin }> {
    const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier(), returnTo };
    const url = oidc.buildAuthorizationUrl(await this.configuration(), {
      ...{ redirect_uri: this.redirect.href, scope: 'openid profile', state: pending.state, nonce: pending.nonce },
      ...{ code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier), code_challenge_method: 'S256' },
    });
    return { url, pending };
  }

  /** Who came back. Throws `LoginRefused` for a code, state, nonce, signature or claims that do not fit. */
  async finish(query: string, { state, nonce, verifier }: PendingLogin): Promise<FinishedLogin> {
    const config = await this.configuration();
    const current = new URL(this.redirect);
    current.search = query;
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const claims = await oidc.authorizationCodeGrant(config, current, checks).then(
      (tokens) => idTokenClaims.safeParse(tokens.claims()),
      () => null,
    );
    if (claims?.success !== true) throw new LoginRefused('the login does not fit');
    const { sub, role, unit, scope, sid = null, ...strength } = claims.data;
    if (this.secondFactor.isMissing(role, strength)) throw new SecondFactorMissing('no second factor');
    return { actor: { id: sub, role, unit: unit ?? null }, duties: dutiesIn(scope), sid };
  }

  /** What ended at the provider; null for what is no logout token of its. Rejects while it is away. */
  async ended(logoutToken: string): Promise<EndedLogin | null> {
    const { jwks_uri: jwks } = (await this.configuration()).serverMetadata();
    if (jwks === undefined) return null;
    this.logouts ??= new LogoutTokens({
      issuer: (await this.configuration()).serverMetadata().issuer,
      clientId: this.clientId,
      jwksUri: new URL(jwks),
    });
    return this.logouts.read(logoutToken);
  }

  /** Looked up again after a failure. */
  private configuration(): Promise<oidc.Configuration> {
    this.config ??= this.discover().catch((error: unknown) => {
      this.config = null;
      throw error;
    });
    return this.config;
  }

  private async discover(): Promise<oidc.Configuration> {
    const secret = await this.secret();
    // Plain http is for a provider on this machine alone.
    const execute = isHere(this.issuer) ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(this.issuer, this.clientId, secret, undefined, { execute, timeout: 5 });
  }
}

const isHere = ({ protocol, hostname }: URL): boolean => protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
