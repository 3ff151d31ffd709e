/**
 * Cryptographic suites: what a record's hash, a checkpoint's signature and a seal are made with. A record, a checkpoint or a seal names its
 * suite; one that names none is of the first. A second one (SM2, SM3 and SM4, say) is an entry here and its functions where hashes,
 * signatures and seals are made: no form changes, and what exists verifies as before.
 */
export const SUITES = {
  'qiyue-1': { hash: 'SHA-256', signature: 'Ed25519', seal: 'AES-256-GCM' },
} as const satisfies Readonly<Record<string, { readonly hash: string; readonly signature: string; readonly seal: string }>>;
/** A suite that this code knows. */
export type SuiteName = keyof typeof SUITES;

/** The suite of whatever names none. */
export const FIRST_SUITE: SuiteName = 'qiyue-1';

/** Null for a name that this code does not know: it can say neither that such a thing holds nor that it does not. */
export const suiteOf = (named: string | undefined): SuiteName | null => {
  if (named === undefined) return FIRST_SUITE;
  return Object.hasOwn(SUITES, named) ? (named as SuiteName) : null;
};

/** What may stand where a suite is named. */
export const SUITE_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
