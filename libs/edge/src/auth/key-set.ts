import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The public keys of tokens cannot be had just now: that says nothing about any token. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';
}

/** How often a file is looked at again for a key that it did not have. */
const LOOK_EVERY_MS = 5_000;
/** How old what an address said may be, and how old while it says nothing. */
const FRESH_MS = 600_000;
const STALE_MS = 6 * 3_600_000;

/**
 * Public keys of a JWKS, an address or a file. What a token itself is to blame for (no such key, no such algorithm) comes as an error of `jose`;
 * a set that is away, late or no set at all rejects with `KeySetUnavailable`, and is asked for again with the next token. The keys that an address
 * gave last are good for six hours while it is away.
 */
export const keySetOf = (place: string, freshMs = FRESH_MS): JWTVerifyGetKey => {
  const keys = /^https?:\/\//.test(place) ? keysAt(new URL(place), freshMs) : keysInFile(place);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (TOKEN_ERRORS.some((kind) => error instanceof kind)) throw error;
      throw new KeySetUnavailable('the keys of tokens cannot be had', { cause: error });
    }
  };
};

const TOKEN_ERRORS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported, errors.JOSEAlgNotAllowed] as const;

const keysAt = (address: URL, freshMs: number): JWTVerifyGetKey => {
  const remote = createRemoteJWKSet(address, { cacheMaxAge: freshMs });
  let last: { readonly keys: JWTVerifyGetKey; readonly atMs: number } | null = null;
  return async (header, token) => {
    try {
      const key = await remote(header, token);
      const set = remote.jwks();
      if (set !== undefined && (last === null || performance.now() - last.atMs > freshMs))
        last = { keys: createLocalJWKSet(set), atMs: performance.now() };
      return key;
    } catch (error) {
      const isAway = !TOKEN_ERRORS.some((kind) => error instanceof kind);
      if (!isAway || last === null || performance.now() - last.atMs > STALE_MS) throw error;
      try {
        return await last.keys(header, token);
      } catch {
        throw error; // it may be a newer key: nobody can say
      }
    }
  };
};

/** Read with the first token, and again when a token names a key that is not in it: whoever changes keys need not restart anything. */
const keysInFile = (path: string): JWTVerifyGetKey => {
  let known: { readonly keys: JWTVerifyGetKey; readonly readAtMs: number } | null = null;
  const look = async (): Promise<JWTVerifyGetKey> => {
    const keys = createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet);
    known = { keys, readAtMs: performance.now() };
    return keys;
  };
  return async (header, token) => {
    const keys = known?.keys ?? (await look());
    try {
      return await keys(header, token);
    } catch (error) {
      const isFresh = known === null || performance.now() - known.readAtMs < LOOK_EVERY_MS;
      if (!(error instanceof errors.JWKSNoMatchingKey) || isFresh) throw error;
      return (await look())(header, token);
    }
  };
};
