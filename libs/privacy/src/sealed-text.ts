import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { SubjectKey } from './subject-keys';

const FORM = /^sealed:v1:([0-9a-f]{32}):([A-Za-z0-9_-]+)$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Text under a person's key: `sealed:v1:<key id>:<base64url of nonce, ciphertext, tag>`. AES-256-GCM (NIST SP 800-38D); the field's name
 * and the key's id are bound in, so that nothing opens in another field. The nonce is an HMAC of field and text under a key of its
 * own, as in SIV modes (RFC 5297): the same words of the same person in the same field give the same bytes, which is what lets a
 * retried command be known again. All that this tells is that somebody wrote the same twice.
 */
export const sealText = (key: SubjectKey, field: string, text: string): string => sealed(key, field, text, `${field}\n${text}`);

/**
 * A word of a closed list, such that nobody without the key can tell one from another: in the same form as `sealText`, but of one length, and the same bytes only for
 * the same `occasion`, which has to differ wherever the same word must not be seen to come twice.
 */
export const sealWord = (key: SubjectKey, field: string, word: string, occasion: string): string =>
  sealed(key, field, padded(word), `word\n${field}\n${word}\n${occasion}`);

const sealed = ({ keyId, secret }: SubjectKey, field: string, text: string, nonceOf: string): string => {
  const { forText, forNonce } = keysOf(secret);
  const nonce = createHmac('sha256', forNonce).update(nonceOf, 'utf8').digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', forText, nonce).setAAD(boundTo(keyId, field));
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `sealed:v1:${keyId}:${bytes.toString('base64url')}`;
};

/** No text that we take ends in U+0000, as it is a control character: what fills up a word falls off when it is opened. */
const WORD_CHARS = 32;
const padded = (word: string): string => word.padEnd(Math.ceil(Math.max(1, word.length) / WORD_CHARS) * WORD_CHARS, '\0');
const unpadded = (text: string): string => text.replace(/\0+$/, '');

/** Whose key it takes; null for text that is not sealed. */
export const sealedBy = (text: string): string | null => FORM.exec(text)?.[1] ?? null;

/** Null when it was sealed under another key or for another field, or is not what was sealed. */
export const openText = ({ keyId, secret }: SubjectKey, field: string, text: string): string | null => {
  const [, by, encoded] = FORM.exec(text) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64url');
  if (by !== keyId || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', keysOf(secret).forText, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(boundTo(keyId, field))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return unpadded(Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8'));
  } catch {
    return null;
  }
};

const boundTo = (keyId: string, field: string): Buffer => Buffer.from(`qiyue sealed v1\n${keyId}\n${field}`, 'utf8');

const keysOf = (secret: Buffer): { readonly forText: Buffer; readonly forNonce: Buffer } => {
  const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `qiyue ${use} v1`, 32));
  return { forText: derived('text'), forNonce: derived('nonce') };
};
