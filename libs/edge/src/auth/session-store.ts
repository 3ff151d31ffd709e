import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db, Filter } from 'mongodb';
import type { Duty } from './duties';
import type { RightsSeal, Signed } from './rights-seal';
import type { Verified } from './token-verifier';

/** What a login at the identity provider says, beside who it was. */
export interface LoginFacts {
  readonly duties: readonly Duty[];
  /** The provider's own name for its session, if it has one: what a logout there ends. */
  readonly sid: string | null;
}
interface SessionDoc extends Partial<LoginFacts>, Signed {
  /** SHA-256 of what the cookie holds. */
  readonly _id: string;
  readonly actor: Actor;
  readonly csrf: string;
  readonly expiresAt: Date;
  /** How it is called in lists; neither the cookie nor its hash. Sessions from before have none of these. */
  readonly sessionId?: string;
  readonly openedAt?: Date;
  readonly lastSeenAt?: Date;
}
/** A login under way, once: what came back has to fit it. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
}

export interface Session {
  readonly actor: Actor;
  /** To be sent along with whatever writes, so that no other site can have it done. */
  readonly csrf: string;
  readonly expiresAt: Date;
}
/** A session as its owner sees it. Times are ISO 8601 with +08:00. */
export interface ShownSession {
  readonly sessionId: string;
  readonly openedAt: string;
  /** To a minute. */
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  /** The one that asks. */
  readonly isCurrent: boolean;
}

export const SESSION_MS = 12 * 3_600_000;
export const SESSION_IDLE_MS = 30 * 60_000;
/** A session that is used is written at most so often. */
const SEEN_EVERY_MS = 60_000;
const KIND = 'sessions';
const NO_FACTS: LoginFacts = { duties: [], sid: null };

/**
 * Sessions of people who logged in by a browser. Cookies hold random ids; only their hashes are stored. A session ends after twelve hours, once it
 * has not been used for a while, with the logout here or at the identity provider, or when its owner or an operator ends it. A row that is not ours is
 * no session; whatever has to tell that rejects with `KeysUnavailable` while it cannot.
 */
export class SessionStore {
  private readonly sessions: Collection<SessionDoc>;

  constructor(
    db: Db,
    private readonly rights: RightsSeal,
    private readonly nowMs: () => number = Date.now,
    private readonly idleMs: number = SESSION_IDLE_MS,
  ) {
    this.sessions = db.collection(KIND);
  }

  async ensureIndexes(): Promise<void> {
    await this.sessions.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    await this.sessions.createIndex({ 'actor.id': 1 });
    await this.sessions.createIndex({ sid: 1 });
  }

  async open(actor: Actor, { duties, sid }: LoginFacts = NO_FACTS): Promise<{ readonly id: string; readonly session: Session }> {
    const now = new Date(this.nowMs());
    const [id, session] = [newId(), { actor, csrf: newId(), expiresAt: new Date(now.getTime() + SESSION_MS) }];
    const sessionId = randomBytes(8).toString('hex');
    const row: SessionDoc = { _id: hashOf(id), ...session, duties, sid, sessionId, openedAt: now, lastSeenAt: now };
    await this.sessions.insertOne(await this.rights.sign(KIND, row));
    return { id, session };
  }

  async find(id: string): Promise<Session | null> {
    return this.live(id);
  }

  async close(id: string): Promise<void> {
    await this.sessions.deleteOne({ _id: hashOf(id) });
  }

  /** Of one person, newest first. `id`: what the asker's own cookie holds, if they came with one. */
  async listOf(actorId: string, id: string | null): Promise<readonly ShownSession[]> {
    const found = await this.sessions
      .find({ 'actor.id': actorId, ...this.isLive() })
      .sort({ openedAt: -1 })
      .toArray();
    const own = id === null ? null : hashOf(id);
    const areRight = await Promise.all(found.map((row) => this.rights.isRight(KIND, row)));
    return found
      .filter((_, i) => areRight[i])
      .flatMap(({ _id, sessionId, openedAt, lastSeenAt, expiresAt }) =>
        sessionId === undefined || openedAt === undefined || lastSeenAt === undefined
          ? []
          : [{ sessionId, openedAt: iso(openedAt), lastSeenAt: iso(lastSeenAt), expiresAt: iso(expiresAt), isCurrent: _id === own }],
      );
  }

  /** One of a person's own. False when they have none of that name. */
  async end(actorId: string, sessionId: string): Promise<boolean> {
    return (await this.sessions.deleteOne({ 'actor.id': actorId, sessionId })).deletedCount === 1;
  }

  /** All of a person, or of one session at the provider; answers how many. */
  async endAll(of: { readonly actorId: string } | { readonly sid: string }): Promise<number> {
    const which: Filter<SessionDoc> = 'sid' in of ? { sid: of.sid } : { 'actor.id': of.actorId };
    return (await this.sessions.deleteMany(which)).deletedCount;
  }

  /** A writing request has to bring the session's token, which no other site can read. */
  async verify(id: string, csrf: string | undefined, isWriting: boolean): Promise<Verified | 'forged'> {
    const session = await this.live(id);
    if (session === null) return { ok: false, why: 'expired' };
    if (isWriting && !isSame(csrf ?? '', session.csrf)) return 'forged';
    await this.noteSeen(session);
    return { ok: true, actor: session.actor, scopes: null, duties: session.duties ?? [], endsAtMs: session.expiresAt.getTime() };
  }

  private async live(id: string): Promise<SessionDoc | null> {
    const found = await this.sessions.findOne({ _id: hashOf(id), ...this.isLive() });
    return found !== null && (await this.rights.isRight(KIND, found)) ? found : null;
  }

  private isLive(): Filter<SessionDoc> {
    const nowMs = this.nowMs();
    return {
      expiresAt: { $gt: new Date(nowMs) },
      $or: [{ lastSeenAt: { $exists: false } }, { lastSeenAt: { $gt: new Date(nowMs - this.idleMs) } }],
    };
  }

  /** Signed anew: how long it has not been used is part of what it is good for. */
  private async noteSeen(session: SessionDoc): Promise<void> {
    const [nowMs, { lastSeenAt }] = [this.nowMs(), session];
    if (lastSeenAt !== undefined && nowMs - lastSeenAt.getTime() < Math.min(SEEN_EVERY_MS, this.idleMs / 2)) return;
    const { _id, mac: before, ...seen } = { ...session, lastSeenAt: new Date(nowMs) };
    const { mac } = await this.rights.sign(KIND, { _id, ...seen });
    await this.sessions.updateOne({ _id, mac: before ?? '' }, { $set: { lastSeenAt: seen.lastSeenAt, mac } });
  }
}

const iso = (at: Date): string => toShanghaiIso(at.getTime());
const newId = (): string => randomBytes(32).toString('base64url');
const hashOf = (id: string): string => createHash('sha256').update(id, 'utf8').digest('hex');
const isSame = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
