import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { SubjectKey } from './subject-keys';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A file under a person's key. */
export interface SealedFile {
  readonly fileId: string;
  /** Nonce, ciphertext, tag: AES-256-GCM (NIST SP 800-38D), key's id and file's id bound in. */
  readonly sealed: Buffer;
}

/**
 * 64 hex digits: an HMAC of need and content, as they came, under a key of the person's. The same file of the same person for the same need has the
 * same id, so that whoever sends it twice has one; who has the key and the content can prove by it that this is the one a record names; who has not
 * learns nothing of the content by it.
 */
export const fileIdOf = ({ secret }: SubjectKey, needId: string, content: Buffer): string =>
  createHmac('sha256', keysOf(secret).forId).update(`${needId}\n`, 'utf8').update(content).digest('hex');

/** `content`: what is kept of it, which may be less than what its id was made of. So the nonce is random: none of the id would tell two of one id apart. */
export const sealFile = ({ keyId, secret }: SubjectKey, fileId: string, content: Buffer): SealedFile => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keysOf(secret).forFile, nonce).setAAD(boundTo(keyId, fileId));
  return { fileId, sealed: Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]) };
};

/** Null when it was sealed under another key or as another file, or is not what was sealed. */
export const openFile = ({ keyId, secret }: SubjectKey, { fileId, sealed }: SealedFile): Buffer | null => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', keysOf(secret).forFile, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(boundTo(keyId, fileId))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
};

const boundTo = (keyId: string, fileId: string): Buffer => Buffer.from(`qiyue file v1\n${keyId}\n${fileId}`, 'utf8');

const keysOf = (secret: Buffer): { readonly forFile: Buffer; readonly forId: Buffer } => {
  const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `qiyue ${use} v1`, 32));
  return { forFile: derived('file'), forId: derived('file id') };
};
