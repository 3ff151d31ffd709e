import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DAY_MS, instantMsOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';
import type { RightsSeal, Signed } from './rights-seal';
import type { Scope } from './scopes';
import type { Verified } from './token-verifier';

/** Services and the systems of offices have keys; people log in. */
export const KEY_ROLES = ['service', 'department', 'centre'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Anything but a plain service sees or does what people's rights are about, so that two persons have to want it. */
export const needsSecondPerson = ({ role }: { readonly role: string }): boolean => role !== 'service';

/** `forged`: a row that we did not write as it is, or that was revoked and put back. It opens nothing. */
export type KeyState = 'pending' | 'active' | 'revoked' | 'forged';

/** A key as it may be shown: never its secret. Times are ISO 8601 with +08:00. */
export interface ApiKey {
  readonly keyId: string;
  /** `pending`: a second person has to approve it, and until then it opens nothing. */
  readonly state: KeyState;
  readonly name: string;
  readonly role: KeyRole;
  readonly unit: string | null;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** Null for a key that needs nobody's approval, or waits for it. */
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  /** The day of its last use, YYYY-MM-DD in Shanghai; written once a day. */
  readonly lastUsedOn: string | null;
}
/** Of keys from before approvals and ends `isPending`, `approvedBy` and `approvedAt` are not there, and `expiresAt` may be null. */
interface KeyDoc extends Omit<ApiKey, 'keyId' | 'state' | 'expiresAt' | 'approvedBy' | 'approvedAt'>, Signed {
  readonly _id: string;
  readonly isPending?: boolean;
  readonly approvedBy?: string | null;
  readonly approvedAt?: string | null;
  readonly expiresAt: string | null;
  /** SHA-256 of the secret, hex. The secret is 256 random bits, so nothing slower is needed to keep it from being guessed. */
  readonly hash: string;
}
/** `expiresAt` null: as late as may be. */
export type NewKey = Pick<ApiKey, 'name' | 'role' | 'unit' | 'scopes'> & { readonly expiresAt: string | null };
/** A key that is made up and not there yet, so that it can be on record before it is. `token` holds the secret, and nothing else does. */
export interface DraftKey {
  readonly key: ApiKey;
  readonly token: string;
  readonly doc: KeyDoc;
}

const FORM = /^Bearer qk_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;
/** How long a key may live at most, and lives where nothing else is said: a year. */
export const KEY_LIFE_MAX_MS = 366 * DAY_MS;
const CACHED_MS = 2_000;
const CACHED_MAX = 1_000;
const KIND = 'apiKeys';
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/**
 * Keys of services: `qk_<id>_<secret>`. A key that was revoked is refused two seconds later at the latest, by every process, also when an older row of it
 * is put back. A row that is not ours opens nothing. All reject with `KeysUnavailable` while that cannot be told.
 */
export class ApiKeyStore {
  private readonly keys: Collection<KeyDoc>;
  private readonly cached = new Map<string, { readonly key: KeyDoc | null; readonly untilMs: number }>();

  constructor(
    db: Db,
    private readonly rights: RightsSeal,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.keys = db.collection(KIND);
  }

  /** The latest end that a key made now may have, ms since 1970. */
  get endsAtMostMs(): number {
    return this.nowMs() + KEY_LIFE_MAX_MS;
  }

  draft({ expiresAt, ...asked }: NewKey, by: Actor): DraftKey {
    const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
    const endsAtMs = Math.min(expiresAt === null ? Infinity : instantMsOf(expiresAt), this.endsAtMostMs);
    const doc: KeyDoc = {
      ...{ _id: id, hash: hashOf(secret), ...asked, createdAt: toShanghaiIso(this.nowMs()), createdBy: by.id, expiresAt: toShanghaiIso(endsAtMs) },
      ...{ isPending: needsSecondPerson(asked), approvedBy: null, approvedAt: null, revokedAt: null, lastUsedOn: null },
    };
    return { key: shown(doc, true), token: `qk_${id}_${secret}`, doc };
  }

  async keep({ doc }: DraftKey): Promise<void> {
    const life = await this.rights.begin(KIND, doc._id);
    await this.keys.insertOne(await this.rights.sign(KIND, { ...doc, life }));
  }

  /** The secret is in the answer and nowhere else. */
  async create(asked: NewKey, by: Actor): Promise<Pick<DraftKey, 'key' | 'token'>> {
    const draft = this.draft(asked, by);
    await this.keep(draft);
    return { key: draft.key, token: draft.token };
  }

  async get(keyId: string): Promise<ApiKey | null> {
    const found = await this.keys.findOne({ _id: keyId });
    return found === null ? null : this.shown(found);
  }

  /** Null when it does not wait for approval, or for that of another than who asked for it. */
  async approve(keyId: string, by: Actor): Promise<ApiKey | null> {
    const waiting = await this.keys.findOne({ _id: keyId, isPending: true, revokedAt: null, createdBy: { $ne: by.id } });
    if (waiting === null || !(await this.rights.isRight(KIND, waiting))) return null;
    const word = { isPending: false, approvedBy: by.id, approvedAt: toShanghaiIso(this.nowMs()) };
    const approved = await this.rights.sign<KeyDoc>(KIND, { ...waiting, ...word });
    const written = await this.keys.updateOne({ _id: keyId, mac: waiting.mac ?? '' }, { $set: { ...word, mac: approved.mac ?? '' } });
    this.cached.delete(keyId);
    return written.matchedCount === 1 ? shown(approved, true) : null;
  }

  async list(): Promise<readonly ApiKey[]> {
    const found = await this.keys.find().sort({ createdAt: -1, _id: 1 }).toArray();
    return Promise.all(found.map((doc) => this.shown(doc)));
  }

  /** `not-there`: there is none of that id. `removed`: it was not ours. Again it stays as it was. */
  async revoke(keyId: string): Promise<'revoked' | 'removed' | 'not-there'> {
    const found = await this.keys.findOne({ _id: keyId });
    if (found === null) return 'not-there';
    const isRight = await this.rights.isRight(KIND, found);
    if (isRight && found.revokedAt === null) await this.writeRevoked(found);
    if (!isRight) await this.keys.deleteOne({ _id: keyId });
    await this.rights.end(KIND, keyId); // behind the row, so that nobody takes the row for a forged one meanwhile
    this.cached.delete(keyId);
    return isRight ? 'revoked' : 'removed';
  }

  private async writeRevoked(doc: KeyDoc): Promise<void> {
    const revokedAt = toShanghaiIso(this.nowMs());
    const { mac } = await this.rights.sign<KeyDoc>(KIND, { ...doc, revokedAt });
    await this.keys.updateOne({ _id: doc._id, mac: doc.mac ?? '' }, { $set: { revokedAt, mac: mac ?? '' } });
  }

  private async shown(doc: KeyDoc): Promise<ApiKey> {
    return shown(doc, await this.rights.isRight(KIND, doc));
  }

  /** Null when the header holds no key at all: then it may be a token. Rejects when the database is away. */
  async verify(header: string | undefined): Promise<Verified | null> {
    if (header?.startsWith('Bearer qk_') !== true) return null;
    const [, id, secret] = FORM.exec(header) ?? [];
    const key = id === undefined ? null : await this.find(id);
    if (key === null || secret === undefined || !isSame(hashOf(secret), key.hash) || !isActive(key)) return { ok: false, why: 'invalid' };
    const [nowMs, endsAtMs] = [this.nowMs(), endMsOf(key)];
    if (!(nowMs < endsAtMs)) return { ok: false, why: 'expired' };
    await this.noteUse(key, toShanghaiIso(nowMs).slice(0, DATE_LENGTH));
    const { role, unit, scopes } = key;
    return { ok: true, actor: { id: `key:${key._id}`, role, unit }, scopes, duties: [], endsAtMs };
  }

  private async find(id: string): Promise<KeyDoc | null> {
    const nowMs = performance.now();
    const known = this.cached.get(id);
    if (known !== undefined && known.untilMs > nowMs) return known.key;
    const found = await this.keys.findOne({ _id: id });
    const key = found !== null && (await this.rights.isRight(KIND, found)) ? found : null;
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

const isActive = ({ isPending, revokedAt }: KeyDoc): boolean => isPending !== true && revokedAt === null;

/** Compared as an instant, never as text. No key outlives the longest life, whatever it was given before there was one. */
const endMsOf = ({ createdAt, expiresAt }: KeyDoc): number =>
  Math.min(expiresAt === null ? Infinity : instantMsOf(expiresAt), instantMsOf(createdAt) + KEY_LIFE_MAX_MS);

const shown = (doc: KeyDoc, isRight: boolean): ApiKey => {
  const { _id, hash: _, isPending: __, mac: ___, life: ____, approvedBy = null, approvedAt = null, ...key } = doc;
  const state = !isRight ? 'forged' : key.revokedAt !== null ? 'revoked' : doc.isPending === true ? 'pending' : 'active';
  return { keyId: _id, ...key, state, approvedBy, approvedAt, expiresAt: toShanghaiIso(endMsOf(doc)) };
};
