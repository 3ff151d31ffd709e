import type { ClientSession, Collection, Db, UUID } from 'mongodb';
import type { TransactionHooks } from './transaction';

/** A session in which a process writes, by its id, and when it last began to. */
interface WriterSession {
  readonly _id: UUID;
  readonly at: Date;
}

const NOTED_AGAIN_AFTER_MS = 1_000;
/** No transaction of ours takes so long. */
const STALE_AFTER_MS = 5_000;
const LOOKED_AFTER_MS = 500;

/**
 * A process that dies within a transaction leaves it open, and until the server ends it, a minute later, nobody else can write what it had written. So each notes its
 * session before it begins, and who is held up for long ends the sessions that were noted a while ago. One whose process lives loses an attempt by it, and no more.
 */
export class WriterSessions implements TransactionHooks {
  private readonly rows: Collection<WriterSession>;
  private readonly notedAtMs = new Map<string, number>();
  private looksAtMs = 0;

  constructor(private readonly db: Db) {
    this.rows = db.collection('modelWriters');
  }

  async begins(session: ClientSession): Promise<void> {
    const id = session.id?.id as UUID | undefined;
    if (id === undefined) return;
    const noted = this.notedAtMs.get(id.toString('hex'));
    const nowMs = Date.now();
    if (noted !== undefined && nowMs - noted < NOTED_AGAIN_AFTER_MS) return;
    await this.rows.updateOne({ _id: id }, { $set: { at: new Date(nowMs) } }, { upsert: true });
    this.notedAtMs.set(id.toString('hex'), nowMs);
  }

  async waits(forMs: number): Promise<void> {
    const nowMs = Date.now();
    if (forMs < LOOKED_AFTER_MS || nowMs < this.looksAtMs) return;
    this.looksAtMs = nowMs + LOOKED_AFTER_MS;
    const stale = await this.rows.find({ at: { $lt: new Date(nowMs - STALE_AFTER_MS) } }).toArray();
    if (stale.length === 0) return;
    const ids = stale.map(({ _id }) => _id);
    await this.db.command({ killSessions: ids.map((id) => ({ id })) }).catch(() => undefined); // of another user, say: then the server has to
    await this.rows.deleteMany({ _id: { $in: ids } });
  }
}
