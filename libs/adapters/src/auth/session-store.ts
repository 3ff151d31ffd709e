import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';
import type { Verified } from './token-verifier';

interface SessionDoc {
  /** SHA-256 of what the cookie holds. */
  readonly _id: string;
  readonly actor: Actor;
  readonly csrf: string;
  readonly expiresAt: Date;
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

export const SESSION_MS = 12 * 3_600_000;

/** Sessions of people who logged in by a browser. Cookies hold random ids; only their hashes are stored. */
export class SessionStore {
  private readonly sessions: Collection<SessionDoc>;

  constructor(
    db: Db,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.sessions = db.collection('sessions');
  }

  async ensureIndexes(): Promise<void> {
    await this.sessions.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  }

  async open(actor: Actor): Promise<{ readonly id: string; readonly session: Session }> {
    const [id, session] = [newId(), { actor, csrf: newId(), expiresAt: new Date(this.nowMs() + SESSION_MS) }];
    await this.sessions.insertOne({ _id: hashOf(id), ...session });
    return { id, session };
  }

  async find(id: string): Promise<Session | null> {
    const found = await this.sessions.findOne({ _id: hashOf(id) });
    return found === null || found.expiresAt.getTime() <= this.nowMs() ? null : found;
  }

  async close(id: string): Promise<void> {
    await this.sessions.deleteOne({ _id: hashOf(id) });
  }

  /** A writing request has to bring the session's token, which no other site can read. */
  async verify(id: string, csrf: string | undefined, isWriting: boolean): Promise<Verified | 'forged'> {
    const session = await this.find(id);
    if (session === null) return { ok: false, why: 'expired' };
    if (isWriting && !isSame(csrf ?? '', session.csrf)) return 'forged';
    return { ok: true, actor: session.actor, scopes: null, endsAtMs: session.expiresAt.getTime() };
  }
}

const newId = (): string => randomBytes(32).toString('base64url');
const hashOf = (id: string): string => createHash('sha256').update(id, 'utf8').digest('hex');
const isSame = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
