import type { LedgerStore } from '../ledger/ledger-store';
import { IdFilter } from './id-filter';

const POLL_MS = 1_000;
/** A row is seen some time after it was made, and clocks of processes differ a little. */
const LOOK_BACK_MS = 5_000;
/** Now and then further back than a write can be under way. */
const LOOK_FAR_EVERY_MS = 30_000;
const LOOK_FAR_BACK_MS = 90_000;
const STALE_AFTER_MS = 5_000;
const CAPACITY_MIN = 100_000;

/**
 * Says of almost every new command id, without asking the server, that no command has had it.
 *
 * Contract:
 * 1. Until the ids have been read once, and whenever they could not be read for 5 s, every id may have been seen.
 * 2. An id that another process took is known here about a second after its row was written. That is soon enough: a retry to the same
 *    entity meets the workflow's own memory, so what a second can hide is one key used at once for two entities.
 * 3. Ids used in this process are known at once.
 */
export class SeenIds {
  private filter: IdFilter | null = null;
  private readUntilMs = 0;
  private lookedFarMs = 0;
  private stopping = false;
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly store: LedgerStore) {}

  /** False: no command has had this id. True says nothing. */
  mayHold(id: string): boolean {
    return this.filter === null || Date.now() - this.readUntilMs > STALE_AFTER_MS || this.filter.mayHold(id);
  }

  /** This process has used an id. */
  add(id: string): void {
    this.filter?.add(id);
  }

  /** True once `mayHold` can say no. */
  get isFollowing(): boolean {
    return this.filter !== null;
  }

  /** Begins to follow the ids that are used. */
  start(): void {
    this.running ??= this.follow();
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopping) {
      try {
        if (this.filter === null || this.filter.isFull) await this.readAll();
        else await this.readNew(this.filter);
      } catch {
        // asked again after the pause; until then `mayHold` grows stale, which is the safe side
      }
      await this.pause();
    }
  }

  private async readAll(): Promise<void> {
    const beganMs = Date.now();
    const filter = new IdFilter(Math.max(CAPACITY_MIN, 2 * (await this.store.commands.estimatedDocumentCount())));
    for await (const { _id } of this.store.commands.find({}, { projection: { _id: 1 }, batchSize: 10_000 })) {
      filter.add(_id);
      if (this.stopping) return;
    }
    await this.readSince(filter, beganMs - LOOK_FAR_BACK_MS);
    this.filter = filter;
    this.lookedFarMs = this.readUntilMs = beganMs;
  }

  private async readNew(filter: IdFilter): Promise<void> {
    const beganMs = Date.now();
    const far = beganMs - this.lookedFarMs > LOOK_FAR_EVERY_MS;
    await this.readSince(filter, this.readUntilMs - (far ? LOOK_FAR_BACK_MS : LOOK_BACK_MS));
    this.readUntilMs = beganMs;
    if (far) this.lookedFarMs = beganMs;
  }

  private async readSince(filter: IdFilter, sinceMs: number): Promise<void> {
    const noted = { $gte: new Date(sinceMs) };
    for await (const { _id } of this.store.commands.find({ notedAt: noted }, { projection: { _id: 1 } })) filter.add(_id);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.stopping ? 0 : POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
