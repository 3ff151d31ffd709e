import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';
import type { Scope } from './scopes';
import type { Verified } from './token-verifier';

/** Services and the systems of offices have keys; people log in. */
export const KEY_ROLES = ['service', 'department', 'centre'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** A key as it may be shown: never its secret. Times are ISO 8601 with +08:00. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly unit: string | null;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** The day of its last use, YYYY-MM-DD in Shanghai; written once a day. */
  readonly lastUsedOn: string | null;
}
interface KeyDoc extends Omit<ApiKey, 'keyId'> {
  readonly _id: string;
  /** SHA-256 of the secret, hex. The secret is 256 random bits, so nothing slower is needed to keep it from being guessed. */
  readonly hash: string;
}
export type NewKey = Pick<ApiKey, 'name' | 'role' | 'unit' | 'scopes' | 'expiresAt'>;

const FORM = /^Bearer qk_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;
const CACHED_MS = 2_000;
const CACHED_MAX = 1_000;
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** Keys of services: `qk_<id>_<secret>`. A key that was revoked is refused two seconds later at the latest, by every process. */
export class ApiKeyStore {
  private readonly keys: Collection<KeyDoc>;
  private readonly cached = new Map<string, { readonly key: KeyDoc | null; readonly untilMs: number }>();

  constructor(
    db: Db,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.keys = db.collection('apiKeys');
  }

  /** The secret is in the answer and nowhere else. */
  async create(asked: NewKey, by: Actor): Promise<{ readonly key: ApiKey; readonly token: string }> {
    const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
    const doc: KeyDoc = {
      ...{ _id: id, hash: hashOf(secret), ...asked, createdAt: toShanghaiIso(this.nowMs()), createdBy: by.id },
      ...{ revokedAt: null, lastUsedOn: null },
    };
    await this.keys.insertOne(doc);
    return { key: shown(doc), token: `qk_${id}_${secret}` };
  }

  async list(): Promise<readonly ApiKey[]> {
    return (await this.keys.find().sort({ createdAt: -1, _id: 1 }).toArray()).map(shown);
  }

  /** False for a key that there is not. Again it stays as it was. */
  async revoke(keyId: string): Promise<boolean> {
    this.cached.delete(keyId);
    await this.keys.updateOne({ _id: keyId, revokedAt: null }, { $set: { revokedAt: toShanghaiIso(this.nowMs()) } });
    return (await this.keys.countDocuments({ _id: keyId })) === 1;
  }

  /** Null when the header holds no key at all: then it may be a token. Rejects when the database is away. */
  async verify(header: string | undefined): Promise<Verified | null> {
    if (header?.startsWith('Bearer qk_') !== true) return null;
    const [, id, secret] = FORM.exec(header) ?? [];
    const key = id === undefined ? null : await this.find(id);
    if (key === null || secret === undefined || !isSame(hashOf(secret), key.hash) || key.revokedAt !== null) return { ok: false, why: 'invalid' };
    const now = toShanghaiIso(this.nowMs());
    if (key.expiresAt !== null && key.expiresAt <= now) return { ok: false, why: 'expired' };
    await this.noteUse(key, now.slice(0, DATE_LENGTH));
    const { role, unit, scopes, expiresAt } = key;
    return { ok: true, actor: { id: `key:${key._id}`, role, unit }, scopes, endsAtMs: expiresAt === null ? null : Date.parse(expiresAt) };
  }

  private async find(id: string): Promise<KeyDoc | null> {
    const nowMs = performance.now();
    const known = this.cached.get(id);
    if (known !== undefined && known.untilMs > nowMs) return known.key;
    const key = await this.keys.findOne({ _id: id });
    if (this.cached.size >= CACHED_MAX) this.cached.clear();
    this.cached.set(id, { key, untilMs: nowMs + CACHED_MS });
    return key;
  }

  private async noteUse({ _id, lastUsedOn }: KeyDoc, today: string): Promise<void> {
    if (lastUsedOn === today) return;
    await this.keys.updateOne({ _id, lastUsedOn: { $ne: today } }, { $set: { lastUsedOn: today } });
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');
const isSame = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));

const shown = ({ _id, hash: _, ...key }: KeyDoc): ApiKey => ({ keyId: _id, ...key });
