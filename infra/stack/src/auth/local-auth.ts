import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { readIfThere, replaceFile, writeJson } from '../base/json-file';
import { dataDirOf, readStackEnvironment } from '../base/settings';
import { StackError } from '../base/stack-error';

const ISSUER = 'https://qiyue.local';
const AUDIENCE = 'qiyue';
const ALGORITHM = 'EdDSA';
const DAY_S = 86_400;

const privateKeyOf = (dataDir: string): string => join(dataDir, 'auth', 'private-key.pem');
const keyIdOf = (dataDir: string): string => join(dataDir, 'auth', 'key-id');
const jwksOf = (dataDir: string): string => join(dataDir, 'auth', 'jwks.json');

/** What our processes need to check tokens: a file or URL of public keys, and who must have issued them for whom. */
export interface AuthEnvironment {
  readonly QIYUE_JWKS: string;
  readonly QIYUE_JWT_ISSUER: string;
  readonly QIYUE_JWT_AUDIENCE: string;
  /** Folder of the keys that what persons write is sealed with. */
  readonly QIYUE_KEYS: string;
}

/** The environment's own keys, or a pair made once for the data folder. The private one is readable by its user alone. */
export const ensureAuth = async (dataDir: string, env: NodeJS.ProcessEnv = process.env): Promise<AuthEnvironment> => {
  const { QIYUE_JWKS, QIYUE_JWT_ISSUER = ISSUER, QIYUE_JWT_AUDIENCE = AUDIENCE, QIYUE_KEYS } = readStackEnvironment(env);
  if (QIYUE_JWKS === undefined && !existsSync(jwksOf(dataDir))) await makeKeys(dataDir);
  return {
    QIYUE_JWKS: QIYUE_JWKS ?? resolve(jwksOf(dataDir)),
    QIYUE_JWT_ISSUER,
    QIYUE_JWT_AUDIENCE,
    QIYUE_KEYS: resolve(QIYUE_KEYS ?? join(dataDir, 'keys')),
  };
};

// The public file is written last: where it is, the rest is.
const makeKeys = async (dataDir: string): Promise<void> => {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  replaceFile(privateKeyOf(dataDir), await exportPKCS8(privateKey), 0o600);
  replaceFile(keyIdOf(dataDir), kid);
  writeJson(jwksOf(dataDir), { keys: [{ ...jwk, kid, alg: ALGORITHM, use: 'sig' }] });
};

export interface TokenRequest {
  /** The data folder of a stack that was started at least once; `dataDirOf(env)` unless given. */
  readonly dataDir?: string;
  readonly actor: string;
  readonly role: string;
  /** A department's name, or a community's. */
  readonly unit?: string;
  /** What it is limited to, with spaces between. */
  readonly scope?: string;
  /** Seconds; a day unless given. */
  readonly expiresInS?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A token for the local stack: `sub`, `role` and `unit`. Throws a StackError where this stack does not hold the key. */
export const mintToken = async ({ actor, role, unit, scope, expiresInS = DAY_S, env = process.env, ...given }: TokenRequest): Promise<string> => {
  const dataDir = given.dataDir ?? dataDirOf(env);
  const { QIYUE_JWKS, QIYUE_JWT_ISSUER = ISSUER, QIYUE_JWT_AUDIENCE = AUDIENCE } = readStackEnvironment(env);
  const [pem, kid] = [readIfThere(privateKeyOf(dataDir)), readIfThere(keyIdOf(dataDir))];
  if (QIYUE_JWKS !== undefined && resolve(QIYUE_JWKS) !== resolve(jwksOf(dataDir))) {
    throw new StackError('QIYUE_JWKS names other keys than the local stack has: get the token from whoever issues them');
  }
  if (pem === null || kid === null) throw new StackError(`there is no key in ${dataDir} yet: start the local stack once`);
  return new SignJWT({ role, ...(unit !== undefined && { unit }), ...(scope !== undefined && { scope }) })
    .setProtectedHeader({ alg: ALGORITHM, kid })
    .setSubject(actor)
    .setIssuer(QIYUE_JWT_ISSUER)
    .setAudience(QIYUE_JWT_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInS)
    .sign(await importPKCS8(pem, ALGORITHM));
};
