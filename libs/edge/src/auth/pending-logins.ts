import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { z } from 'zod';
import { isDuplicateKey } from '@qiyue/platform';
import type { PendingLogin } from './session-store';

const LOGIN_MS = 600_000;
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 12, 16];
const CIPHER = 'aes-256-gcm';
const INFO = 'qiyue login 1';

const sealed = z.object({
  ...{ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() },
  endsAtMs: z.number(),
});

/** Why what came back is no login of ours. */
export type NoLogin = 'unknown' | 'replayed';

/**
 * Logins under way. They lie with the browser that began them, sealed, and nowhere here, so that however many are begun nobody is kept out.
 * Each comes back once: of those that did, and of no others, a row is kept until they would have ended.
 */
export class PendingLogins {
  private readonly returned: Collection<{ readonly _id: string; readonly expiresAt: Date }>;

  constructor(
    db: Db,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.returned = db.collection('logins');
  }

  async ensureIndexes(): Promise<void> {
    await this.returned.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  }

  /** What the browser keeps. `secret`: what every process of ours has, and nobody else. */
  seal({ state, nonce, verifier, returnTo }: PendingLogin, secret: string): string {
    const iv = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, keyOf(secret), iv);
    const text = JSON.stringify({ state, nonce, verifier, returnTo, endsAtMs: this.nowMs() + LOGIN_MS });
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url');
  }

  /** The login that this was, once. Rejects when the database is away. */
  async take(value: string, secret: string): Promise<PendingLogin | NoLogin> {
    const opened = open(value, secret);
    if (opened === null || opened.endsAtMs <= this.nowMs()) return 'unknown';
    const { endsAtMs, ...login } = opened;
    const id = createHash('sha256').update(login.state, 'utf8').digest('hex');
    try {
      await this.returned.insertOne({ _id: id, expiresAt: new Date(endsAtMs) });
      return login;
    } catch (error) {
      if (isDuplicateKey(error)) return 'replayed';
      throw error;
    }
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', INFO, KEY_BYTES));

/** Null for whatever we have not sealed. */
const open = (value: string, secret: string): z.infer<typeof sealed> | null => {
  const bytes = Buffer.from(value, 'base64url');
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    return sealed.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
