import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { RulesInForce } from '@qiyue/engine-runtime';

/** Which rules version the edges stamp on the commands of an aggregate. */
export interface ActivationDocument {
  /** The aggregate. */
  readonly _id: string;
  readonly active: number;
  /** ISO 8601 with +08:00. */
  readonly activatedAt: string;
}

/** The active rules versions, as one act set them. Without a row version 1 is active. */
export class ActivationStore {
  private readonly rows: Collection<ActivationDocument>;

  constructor(db: Db) {
    this.rows = db.collection('rules', { writeConcern: { w: 'majority', journal: true } });
  }

  async active(aggregate: string): Promise<number> {
    return (await this.rows.findOne({ _id: aggregate }))?.active ?? 1;
  }

  async all(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.rows.find().toArray()).map(({ _id, active }) => [_id, active]));
  }

  /** Only upwards: what was decided under a version needs the code that knows it. */
  async activate(aggregate: string, version: number): Promise<void> {
    const activatedAt = toShanghaiIso(Date.now());
    await this.rows.updateOne({ _id: aggregate }, { $max: { active: version }, $set: { activatedAt } }, { upsert: true });
  }
}

const LOOK_EVERY_MS = 1_000;

/**
 * The active rules as a process knows them, about a second old; while MongoDB is away, as they last were. Never above what the process's own code
 * knows: after a roll-back it goes on stamping what it can decide, and an entity that has gone further turns that away by itself.
 */
export class ActiveRules implements RulesInForce {
  private seen: ReadonlyMap<string, number> = new Map();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<ActivationStore, 'all'>,
    private readonly knownVersions: Readonly<Record<string, number>>,
  ) {}

  start(): void {
    this.look();
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.looking;
  }

  active(aggregate: string): number {
    return Math.min(this.seen.get(aggregate) ?? 1, this.known(aggregate));
  }

  known(aggregate: string): number {
    return this.knownVersions[aggregate] ?? 1;
  }

  private look(): void {
    this.looking = this.looking.then(async () => {
      try {
        this.seen = await this.store.all();
      } catch {
        // as they last were; asked again in a second
      }
    });
  }
}
