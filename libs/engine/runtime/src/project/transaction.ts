import { MongoError, type ClientSession, type Db } from 'mongodb';

const DUPLICATE_KEY = 11000;
/** Below the time after which a reader of a topic counts as hanging. */
const TRIED_FOR_MS = 15_000;
const PAUSE_MS_MAX = 200;

export interface TransactionHooks {
  /** Before each attempt. */
  begins(session: ClientSession): Promise<void>;
  /** Another was first; this long others have been first by now. */
  waits(forMs: number): Promise<void>;
}

const NO_HOOKS: TransactionHooks = { begins: () => Promise.resolve(), waits: () => Promise.resolve() };

/**
 * Does all of the work in one transaction, or none of it. The work sees the database as it is at one moment, and is begun anew at a later one while another writer
 * was first, for 15 s. Rejects with the last error; behind one of the commit itself it is not known whether it was done.
 */
export const inTransaction = async <T>(
  { client }: Pick<Db, 'client'>,
  work: (session: ClientSession) => Promise<T>,
  hooks: TransactionHooks = NO_HOOKS,
): Promise<T> => {
  const startMs = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.withSession(async (session) => {
        await hooks.begins(session);
        return once(session, work);
      });
    } catch (error) {
      const forMs = Date.now() - startMs;
      if (!isOvertaken(error) || forMs > TRIED_FOR_MS) throw error;
      await hooks.waits(forMs);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(PAUSE_MS_MAX, 5 * attempt)));
    }
  }
};

const once = async <T>(session: ClientSession, work: (session: ClientSession) => Promise<T>): Promise<T> => {
  session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } });
  try {
    const answer = await work(session);
    await session.commitTransaction();
    return answer;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  }
};

/** By the server's own word, or because a document is there that was not. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof MongoError && (error.hasErrorLabel('TransientTransactionError') || error.code === DUPLICATE_KEY);
