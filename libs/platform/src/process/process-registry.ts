import { hostname } from 'node:os';
import type { Collection, Db } from 'mongodb';

/** One of our processes, as it says of itself every few seconds. */
export interface ProcessRow {
  /** `<name>:<host>:<pid>` */
  readonly _id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  readonly at: Date;
  /** The highest rules version of each aggregate that it knows; empty for one to which they mean nothing. */
  readonly rules: Readonly<Record<string, number>>;
  readonly metricsPort?: number;
}
export type LiveProcess = Omit<ProcessRow, '_id'>;

export interface Joining {
  readonly name: string;
  readonly rules?: Readonly<Record<string, number>>;
  readonly metricsPort?: number | undefined;
}

/** Stops the beat and takes the row away. */
export interface Membership {
  leave(): Promise<void>;
}

const BEAT_MS = 5_000;
/** Four beats: one may be late. */
const LIVES_MS = 20_000;
const FORGOTTEN_S = 600;

/** Which processes live, on whatever machine. A row that is not renewed is that of a dead one, and goes after ten minutes. */
export class ProcessRegistry {
  private readonly rows: Collection<ProcessRow>;

  constructor(db: Db) {
    this.rows = db.collection('processes');
  }

  async ensureIndexes(): Promise<void> {
    await this.rows.createIndex({ at: 1 }, { expireAfterSeconds: FORGOTTEN_S });
  }

  /** Says at once and every five seconds that this process lives. A store that is away is no trouble of it. */
  join({ name, rules = {}, metricsPort }: Joining): Membership {
    const [host, pid, startedAt] = [hostname(), process.pid, new Date()];
    const row = { name, host, pid, startedAt, rules, ...(metricsPort === undefined ? {} : { metricsPort }) };
    const _id = `${name}:${host}:${pid}`;
    let last: Promise<unknown> = Promise.resolve();
    const beat = (): void => {
      last = this.rows.updateOne({ _id }, { $set: { ...row, at: new Date() } }, { upsert: true }).catch(() => undefined);
    };
    beat();
    const timer = setInterval(beat, BEAT_MS).unref();
    return {
      leave: async () => {
        clearInterval(timer);
        await last;
        await this.rows.deleteOne({ _id }).catch(() => undefined);
      },
    };
  }

  /** By name. */
  async live(withinMs = LIVES_MS): Promise<readonly LiveProcess[]> {
    const nowMs = Date.now(); // what says that it will live is no sign of life
    return this.rows
      .find<LiveProcess>({ at: { $gte: new Date(nowMs - withinMs), $lte: new Date(nowMs + LIVES_MS) } }, { projection: { _id: 0 } })
      .sort({ name: 1, startedAt: 1 })
      .toArray();
  }
}
