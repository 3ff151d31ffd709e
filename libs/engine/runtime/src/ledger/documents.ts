import { openRecord, type Actor, type Channel, type EventRecord, type OutboxEntry, type Outcome, type StateDigest } from '@qiyue/engine';
import { recordHash } from './record-hash';

/**
 * A record as MongoDB holds it. `canonical` is the evidence: the bytes that were hashed. The other fields are copies
 * out of it, to find by; verification compares every one of them with it.
 */
export interface LedgerDocument {
  /** `<entity>:<seq>`, the CloudEvents id of the event. */
  readonly _id: string;
  readonly entity: string;
  readonly seq: number;
  readonly aggregate: string;
  readonly type: string;
  readonly time: string;
  readonly actorId: string;
  readonly actorUnit: string | null;
  readonly commandId: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly canonical: string;
}

/** Throws when the record's own fields contradict its bytes or its hash: such a record may not enter the ledger. */
export const toLedgerDocument = (record: EventRecord): LedgerDocument => {
  const body = openRecord(record);
  const hash = recordHash(record.canonical, body.suite);
  if (hash !== record.hash || body.entity !== record.entity || body.seq !== record.seq || body.prevHash !== record.prevHash) {
    throw new Error(`record ${record.entity}:${record.seq} contradicts its own bytes`);
  }
  return {
    _id: `${record.entity}:${record.seq}`,
    entity: record.entity,
    seq: record.seq,
    aggregate: body.aggregate,
    type: body.type,
    time: body.time,
    actorId: body.actor.id,
    actorUnit: body.actor.unit,
    commandId: body.commandId,
    prevHash: record.prevHash,
    hash: record.hash,
    canonical: record.canonical,
  };
};

/** Position of a record in the one global order that subscribers see. `_id` is the cursor: 1, 2, 3 … without gaps. */
export interface FeedDocument {
  readonly _id: number;
  readonly entity: string;
  readonly seq: number;
}

/** What became of a command. Written by the append; a reservation of a submit before that is `pending`. */
export interface CommandDocument {
  /** The command's id; where a command to another entity had taken it in the same moment, `besideOf` it. */
  readonly _id: string;
  /** What its sender called it, where that is not `_id`. */
  readonly commandId?: string;
  /** What its records call it, where they name whoever gave it by an alias. */
  readonly recordedAs?: string;
  readonly state: 'pending' | 'accepted' | 'refused' | 'dead';
  readonly aggregate: string;
  readonly entity: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly actor: Actor;
  readonly channel: Channel;
  readonly receivedAt: string;
  /** When the row was made, by the clock of the process that made it: what finds new rows. */
  readonly notedAt: Date;
  readonly ordinal?: number;
  readonly code?: string;
  readonly outcome?: Outcome;
  /**
   * Of the state behind it, as the code that answered came to it. Absent when a flush brought the row: other code can have replayed it by then; and of
   * all but the last of those that were handed over together.
   */
  readonly digest?: StateDigest;
}

/** Timers are nobody's commands: they leave their records only. */
export const commandsIn = (entries: readonly OutboxEntry[]): readonly OutboxEntry[] => entries.filter(({ channel }) => channel !== 'timer');

/** What the row of a command says beside its entry. */
export interface NotedWith {
  /** The command's id in its records, undefined without any. */
  readonly recordedAs: string | undefined;
  readonly keepsDigest: boolean;
}

/** The row that the ledger keeps of a handled command. */
export const toCommandDocument = (
  aggregate: string,
  entry: OutboxEntry,
  { recordedAs = entry.commandId, keepsDigest }: NotedWith,
): CommandDocument => ({
  _id: entry.commandId,
  state: entry.outcome.status,
  aggregate,
  entity: entry.outcome.entity,
  type: entry.type,
  fingerprint: entry.fingerprint,
  actor: entry.actor,
  channel: entry.channel,
  receivedAt: entry.receivedAt,
  notedAt: new Date(),
  ordinal: entry.ordinal,
  ...(recordedAs === entry.commandId ? {} : { recordedAs }),
  ...(entry.outcome.status === 'refused' ? { code: entry.outcome.refusal.code } : {}),
  outcome: entry.outcome,
  ...(keepsDigest && entry.digest !== undefined ? { digest: entry.digest } : {}),
});

/** No id that a client chooses has a space in it. */
export const besideOf = (commandId: string, entity: string): string => `${commandId} ${entity}`;

/** An entity whose offered records contradict the ledger: two histories under one name. */
export interface ForkDocument {
  /** The entity. */
  readonly _id: string;
  readonly seq: number;
  readonly why: string;
  readonly offeredHash: string;
  readonly seenAt: string;
}
