import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';

/**
 * Every way in which something of one entity, message or partition can stand aside while the rest goes on. Forks of the ledger
 * and entities that a read model has set aside have rows of their own (`forks`, `quarantine`) and are not written here as well.
 *
 * - `diverged`: the workflow of an entity does not replay to what the ledger holds, or its workflow tasks keep failing
 * - `rules-unknown`: an entity runs on rules that the process which met it does not know
 * - `flush-stuck`: a workflow's flush reached the ledger and confirmed nothing, several times
 * - `record-refused`: the broker refuses a record of the ledger; later records of the same entity wait behind it
 * - `command-parked`: a command from the topic had no outcome within its bound; later ones of the same key wait behind it
 * - `batch-retrying`: a consumer gives the same batch to its handler again and again
 * - `append-stuck`: records that were acknowledged cannot be appended
 * - `lost`: the ledger holds an entity that has not ended, and no workflow of it runs
 * - `ledger-unsound`: the records of an entity do not fit each other: one is missing or was changed
 * - `saga-waiting`: a command over several entities waits for one of them
 * - `right-forged`: a row that would give somebody a right was not written by us
 */
export const INCIDENT_KINDS = [
  'diverged',
  'rules-unknown',
  'flush-stuck',
  'record-refused',
  'command-parked',
  'batch-retrying',
  'append-stuck',
  'lost',
  'ledger-unsound',
  'saga-waiting',
  'right-forged',
] as const;
/** See `INCIDENT_KINDS`. */
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** Something that stands aside, as whoever met it tells it. */
export interface Incident {
  readonly kind: IncidentKind;
  /** Tells one incident of a kind from another: an entity, a command id, or `<group>/<topic>/<partition>`. Never personal data. */
  readonly subject: string;
  readonly entity?: string;
  readonly seq?: number;
  /** Of the message or batch. */
  readonly place?: { readonly topic: string; readonly partition: number; readonly offset: string };
  /** A code or the name of an error; never what a message says. */
  readonly why: string;
}

/** An incident as it is kept: since when, and how often it was met. */
export interface IncidentDocument extends Incident {
  /** `<kind>:<subject>` */
  readonly _id: string;
  /** ISO 8601 with +08:00. */
  readonly since: string;
  readonly lastAt: string;
  /** How often it was met. */
  readonly times: number;
}

/** The kinds whose subject is an entity that stands aside. */
export const ENTITY_INCIDENT_KINDS = ['diverged', 'rules-unknown', 'flush-stuck', 'append-stuck', 'lost', 'ledger-unsound'] as const;

const idOf = (kind: IncidentKind, subject: string): string => `${kind}:${subject}`;

/**
 * What is broken now, for the operator's surfaces. Whoever meets a trouble notes it here, and whoever gets past it clears it;
 * both are best effort, so neither ever rejects: a store that is away is a trouble of its own.
 */
export class Incidents {
  private readonly rows: Collection<IncidentDocument>;

  constructor(db: Db) {
    this.rows = db.collection('incidents');
  }

  /** Notes a trouble, or that it was met again. `since`: ISO 8601 with +08:00, where it is known to be older than this note. */
  async note({ kind, subject, since, ...what }: Incident & { readonly since?: string }): Promise<void> {
    const at = toShanghaiIso(Date.now());
    await this.rows
      .updateOne(
        { _id: idOf(kind, subject) },
        { $set: { ...what, lastAt: at }, $setOnInsert: { kind, subject, since: since ?? at }, $inc: { times: 1 } },
        { upsert: true },
      )
      .catch(() => undefined);
  }

  /** Somebody got past it. */
  async clear(kind: IncidentKind, subject: string): Promise<void> {
    await this.rows.deleteOne({ _id: idOf(kind, subject) }).catch(() => undefined);
  }

  /** The entity is well again: whatever stood against it goes. */
  async clearEntity(entity: string): Promise<void> {
    for (const kind of ENTITY_INCIDENT_KINDS) await this.clear(kind, entity);
  }

  /** How many of each kind stand now. */
  async counts(): Promise<Readonly<Record<IncidentKind, number>>> {
    const rows = await this.rows.aggregate<{ _id: IncidentKind; count: number }>([{ $group: { _id: '$kind', count: { $sum: 1 } } }]).toArray();
    const counted = new Map(rows.map(({ _id, count }) => [_id, count]));
    return Object.fromEntries(INCIDENT_KINDS.map((kind) => [kind, counted.get(kind) ?? 0])) as Record<IncidentKind, number>;
  }

  /** Oldest first. */
  async list(kind?: IncidentKind, limit = 100): Promise<IncidentDocument[]> {
    return this.rows
      .find(kind === undefined ? {} : { kind })
      .sort({ since: 1 })
      .limit(limit)
      .toArray();
  }
}
