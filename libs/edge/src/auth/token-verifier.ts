import { ROLES } from '@qiyue/platform';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Actor } from '@qiyue/engine';
import { isPseudonym } from '@qiyue/civic-domain';
import { KeySetUnavailable, keySetOf } from './key-set';
import { dutiesIn, type Duty } from './duties';
import { scopesIn, type Scope } from './scopes';
import { SecondFactor, strengthClaims, type SecondFactorSettings } from './second-factor';

export interface TokenSettings extends SecondFactorSettings {
  readonly QIYUE_JWKS: string;
  readonly QIYUE_JWT_ISSUER: string;
  readonly QIYUE_JWT_AUDIENCE: string;
}

/** The claims that name an actor, in a token as in an id token. */
export const actorClaims = z.object({
  /** `key:` is how actors of keys are called, and whoever chose a pseudonym for an id would be taken for the person that it stands for. */
  sub: z
    .string()
    .max(200)
    .regex(/^(?!key:)[\s\S]+$/)
    .refine((sub) => !isPseudonym(sub)),
  role: z.enum(ROLES),
  /** In the form in which units are stored. */
  unit: z.string().normalize('NFC').min(1).max(200).nullish(),
});
/** What else they may say: of the holder's login. */
export const loginClaims = actorClaims.extend({ scope: z.string().max(1_000).optional(), ...strengthClaims.shape });
const claims = loginClaims.extend({ exp: z.number() });

export type Verified =
  | {
      readonly ok: true;
      readonly actor: Actor;
      /** Null: whatever the role may. */
      readonly scopes: readonly Scope[] | null;
      /** Which of the powers that no one person joins it names. */
      readonly duties: readonly Duty[];
      /** When it ends, ms since 1970; null: it has to be shown again now and then. */
      readonly endsAtMs: number | null;
    }
  | { readonly ok: false; readonly why: 'missing' | 'expired' | 'invalid' | 'second-factor' };

/** No end is later: it has to be an instant that can be written. */
const LAST_MS = Date.UTC(9999, 11, 30);

/** Signature algorithms that are taken: asymmetric ones only, so that a public key can never serve as a shared secret. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'];

/** Verifies bearer tokens against a JWKS: signature, issuer, audience, expiry, algorithm, and the claims that name an actor. */
export class TokenVerifier {
  private constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly settings: TokenSettings,
    private readonly secondFactor: SecondFactor,
  ) {}

  /** Asks for no keys yet: a start waits for nobody. */
  static create(settings: TokenSettings): TokenVerifier {
    return new TokenVerifier(keySetOf(settings.QIYUE_JWKS), settings, new SecondFactor(settings));
  }

  /** Resolves once the keys can be had: so that a start says it when they cannot. Rejects with `KeySetUnavailable`. */
  async look(): Promise<void> {
    const nobody = { alg: 'EdDSA', kid: '' };
    try {
      await this.keys(nobody, { payload: '', signature: '' });
    } catch (error) {
      if (error instanceof KeySetUnavailable) throw error;
    }
  }

  /**
   * `header` is `Bearer …`. `at` is when the token was shown: for a queued command the time at which the broker took it. Rejects with
   * `KeySetUnavailable` while nobody can say whether it is good.
   */
  async verify(header: string | undefined, at: Date = new Date()): Promise<Verified> {
    const token = header?.match(/^Bearer ([\w.~+/=-]+)$/i)?.[1];
    if (token === undefined) return { ok: false, why: header === undefined ? 'missing' : 'invalid' };
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.settings.QIYUE_JWT_ISSUER,
        audience: this.settings.QIYUE_JWT_AUDIENCE,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        currentDate: at,
      });
      const { sub, role, unit, scope, exp, ...strength } = claims.parse(payload);
      if (this.secondFactor.isMissing(role, strength)) return { ok: false, why: 'second-factor' };
      return {
        ok: true,
        actor: { id: sub, role, unit: unit ?? null },
        scopes: scopesIn(scope),
        duties: dutiesIn(scope),
        endsAtMs: Math.min(exp * 1000, LAST_MS),
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, why: 'expired' };
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return { ok: false, why: 'invalid' };
      throw error;
    }
  }
}
