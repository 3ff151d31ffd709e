import { z } from 'zod';

/** What an identity provider says of how somebody showed who they are (OpenID Connect Core; RFC 8176 for `amr`). */
export const strengthClaims = z.object({
  acr: z.string().max(500).optional(),
  amr: z.array(z.string().max(100)).max(20).optional(),
});
export type StrengthClaims = z.infer<typeof strengthClaims>;

export interface SecondFactorSettings {
  /** Roles that need one; none when left out. */
  readonly QIYUE_SECOND_FACTOR?: readonly string[] | undefined;
  readonly QIYUE_SECOND_FACTOR_ACR?: readonly string[] | undefined;
}

/** What one knows, has, and is. A message to a telephone counts as nothing. */
const KINDS: readonly ReadonlySet<string>[] = [
  new Set(['pwd', 'pin', 'kba']),
  new Set(['otp', 'hwk', 'swk', 'sc', 'pop']),
  new Set(['fpt', 'face', 'iris', 'retina', 'vbm']),
];

/** Which roles have to have shown two factors: by `acr`, as the provider calls it, or by `amr`: `mfa`, or two of different kinds. */
export class SecondFactor {
  private readonly roles: ReadonlySet<string>;
  private readonly acrs: ReadonlySet<string>;

  constructor({ QIYUE_SECOND_FACTOR: roles = [], QIYUE_SECOND_FACTOR_ACR: acrs = [] }: SecondFactorSettings) {
    [this.roles, this.acrs] = [new Set(roles), new Set(acrs)];
  }

  isMissing(role: string, { acr, amr = [] }: StrengthClaims): boolean {
    if (!this.roles.has(role)) return false;
    if (acr !== undefined && this.acrs.has(acr)) return false;
    const kinds = KINDS.filter((kind) => amr.some((method) => kind.has(method)));
    return !amr.includes('mfa') && kinds.length < 2;
  }
}
