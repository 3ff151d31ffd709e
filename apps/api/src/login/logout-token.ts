import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'];
/** A token that lies about for longer is none that was just sent. */
const FRESH_S = 600;

const claims = z
  .object({
    sub: z.string().min(1).max(200).optional(),
    sid: z.string().min(1).max(500).optional(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
    nonce: z.never().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

/** Whose sessions end: one of the provider's, or all of a person. */
export type EndedLogin = { readonly sid: string } | { readonly actorId: string };

/** Where the provider's keys are, and as whom we are known there. */
export interface LogoutIssuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: URL;
}

/** Reads logout tokens of OpenID Connect Back-Channel Logout 1.0. */
export class LogoutTokens {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly by: LogoutIssuer) {
    this.keys = createRemoteJWKSet(by.jwksUri);
  }

  /** Null for what is no logout token of the provider for us. Rejects while its keys cannot be had. */
  async read(token: string): Promise<EndedLogin | null> {
    const { issuer, clientId } = this.by;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        ...{ issuer, audience: clientId, algorithms: ALGORITHMS, requiredClaims: ['iat', 'jti'], maxTokenAge: FRESH_S, clockTolerance: 60 },
      });
      const parsed = claims.safeParse(payload);
      if (!parsed.success) return null;
      const { sub, sid } = parsed.data;
      return sid === undefined ? { actorId: sub ?? '' } : { sid };
    } catch (error) {
      if (TOKEN_ERRORS.some((kind) => error instanceof kind)) return null;
      throw error;
    }
  }
}

const TOKEN_ERRORS = [
  ...[errors.JWTExpired, errors.JWTClaimValidationFailed, errors.JWTInvalid, errors.JWSInvalid, errors.JWSSignatureVerificationFailed],
  ...[errors.JOSEAlgNotAllowed, errors.JOSENotSupported, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys],
] as const;
