import type { Actor, Alias, Json, Refusal, Summary, Tables } from './decider';
import type { Place } from './outbox';
import type { EventRecord } from './record';
import type { StateDigest } from './state-digest';

/** `timer`: the entity's own clock; `system`: a process of ours. */
export type Channel = 'http' | 'kafka' | 'timer' | 'system';

/** Refusals that the engine itself gives, whatever the decider. */
export type EngineRefusal =
  | 'key-reused' // the command id was used for another actor or body
  | 'busy' // the entity's outbox is full: the ledger has been away for long
  | 'quarantined' // the ledger holds another history of the entity: an operator has to look
  | 'diverged' // the code at hand does not come to what the ledger holds: nothing was recorded, the same command may come again
  | 'rules-unknown' // the entity or the command runs on rules that the code at hand does not know yet: likewise
  | 'too-large' // what the command gives is larger than can be published
  | 'sequence-mismatch' // the caller's expectedSeq is not the entity's
  | 'not-found' // no such entity
  | 'failed'; // the decider threw: a bug, recorded and shown, the entity goes on

/**
 * A command as it travels into an entity's workflow: the update's one argument. The update id is `commandId`.
 * Everything that decides the outcome is in here; `fingerprint` tells a retry from another use of the same id.
 */
export interface CommandEnvelope {
  readonly commandId: string;
  readonly entity: string;
  readonly type: string;
  readonly data: { readonly [key: string]: Json };
  readonly actor: Actor;
  /** Outside of the fingerprint, which is over the actor: see `Decider.aliasSince`. */
  readonly alias?: Alias;
  readonly channel: Channel;
  /** Receipt at the edge, ISO 8601 with +08:00. */
  readonly receivedAt: string;
  /** Hex SHA-256 over actor, entity, type and data: see `fingerprintOf`. */
  readonly fingerprint: string;
  /** Kept by the entity for all later decisions, timers too. What it has already stays, unless `replaceTables`. */
  readonly tables?: Tables;
  /** The tables that come with this command take the place of those that the entity has. */
  readonly replaceTables?: true;
  /** Refuse unless the entity's seq is this, for callers to whom order matters. */
  readonly expectedSeq?: number;
  /**
   * It is given for its refusal: turned away (`moved`, nothing recorded) where the entity would accept it, or is not at `expectedSeq`. Code that does not
   * know this records the mismatch.
   */
  readonly onlyToRefuse?: true;
  /**
   * It has been refused elsewhere, for this: the entity records that and decides nothing, unless it has an answer to it already. Code that does not know
   * this must not decide it: it comes with an `expectedSeq` that no entity has.
   */
  readonly refusedFor?: Refusal;
  /** What the caller knows to be in the ledger: lets the workflow forget it. */
  readonly confirmed?: Confirmation;
  /** Where the ledger stands by the caller's knowledge: a run that replays to something else must not answer. */
  readonly head?: LedgerHead;
  /** Rules version that was active at the edge; absent means 1. Outside of the fingerprint: a retry may carry another. */
  readonly rules?: number;
  /**
   * Turn it away (`expired`, nothing recorded) once Temporal's clock is past this, Unix ms: by then its sender has been told that nothing was recorded,
   * though the update may still wait for a worker. Absent: never.
   */
  readonly notAfterMs?: number;
  /** Refuse as `too-large` what would give a record above this, in bytes of its canonical form. Absent: no bound. */
  readonly recordBytesMax?: number;
}

/** No entity's seq. */
export const NO_SEQ = -1;

/** The last record of an entity in the ledger. `isFresh`: read for this very command, so that it is not behind what was confirmed before. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
  readonly isFresh?: true;
  /** The last command whose outcome is kept: each outcome says where the entity stood, a refusal too. `digest`: of the state there. */
  readonly last?: { readonly commandId: string; readonly status: Outcome['status']; readonly seq: number; readonly digest?: StateDigest };
}

/**
 * Engine-level command that moves an entity onto the rules that it carries and changes nothing else: accepted without events, so that an
 * idle entity needs no old branch any more. Only our own processes send it.
 */
export const ADOPT_RULES = 'adopt-rules';

/** All records up to `seq` (whose hash is `hash`) and all outcomes up to the ordinal `ordinal` are in the ledger. */
export interface Confirmation {
  readonly seq: number;
  readonly hash: string;
  readonly ordinal: number;
  /** Of the state at `seq`, by the code that answered. Absent: nobody knows. */
  readonly digest?: StateDigest;
}

/** The answer that a command has for ever, over whichever channel it is asked for. */
export type Outcome =
  | { readonly status: 'accepted'; readonly entity: string; readonly seq: number; readonly summary: Summary }
  | { readonly status: 'refused'; readonly entity: string; readonly seq: number; readonly summary: Summary; readonly refusal: Refusal };

/**
 * One handled command in the workflow's outbox: its outcome and the records it gave, until the ledger has both. Command id and actor are the
 * sender's own also where the records hold an alias.
 */
export interface OutboxEntry {
  /** 1, 2, 3 … over all handled commands and timers of the entity, refused ones too. */
  readonly ordinal: number;
  readonly commandId: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly actor: Actor;
  readonly channel: Channel;
  readonly receivedAt: string;
  readonly outcome: Outcome;
  readonly records: readonly EventRecord[];
  /** Of the state behind it. Absent for timers, and in what older code made. */
  readonly digest?: StateDigest;
}

/** What the update returns. `unconfirmed` is empty when the backlog is too long to hand over: the workflow's own flush appends it. */
export interface CommandAnswer {
  /** Of the command that is answered. Another than the asker's own means that its id was taken before. */
  readonly fingerprint: string;
  readonly outcome: Outcome;
  readonly unconfirmed: readonly OutboxEntry[];
  /** Where the ledger stands once it holds them; absent in answers of older code. */
  readonly at?: Place;
}
