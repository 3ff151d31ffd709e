import type { Confirmation, OutboxEntry } from './command';

/** So many unconfirmed entries an answer hands over at most; with more, it hands over none. */
export const HANDED_OVER_MAX = 20;
/** Beyond this many unconfirmed entries a command is refused as busy; the ledger has been away for long. */
export const OUTBOX_MAX = 400;
const FLUSH_ENTRIES_MAX = 100;
/** In characters of canonical text, so that no argument or answer comes near Temporal's 2 MB, whatever the script. */
const HANDED_OVER_CHARS_MAX = 200_000;
/** Beyond this much canonical text that is unconfirmed a command is refused as busy, characters. */
export const OUTBOX_CHARS_MAX = 400_000;

/** A record's place in its stream. */
export interface Place {
  readonly seq: number;
  readonly hash: string;
}

/** What an entity has handled and the ledger has not confirmed, oldest first. */
export class Outbox {
  constructor(private waiting: readonly OutboxEntry[]) {}

  get entries(): readonly OutboxEntry[] {
    return this.waiting;
  }

  /** The callers cannot take all of it with an answer: the entity's own flush has to bring it. */
  get isTooMuchToHandOver(): boolean {
    return this.waiting.length > HANDED_OVER_MAX || charsOf(this.waiting) > HANDED_OVER_CHARS_MAX;
  }

  get isFull(): boolean {
    return this.waiting.length >= OUTBOX_MAX || charsOf(this.waiting) >= OUTBOX_CHARS_MAX;
  }

  /** The oldest entries, as many as one request may hold; at least one if there is any. */
  get nextToFlush(): readonly OutboxEntry[] {
    let chars = 0;
    return this.waiting.slice(0, FLUSH_ENTRIES_MAX).filter((entry, i) => (chars += charsOf([entry])) <= HANDED_OVER_CHARS_MAX || i === 0);
  }

  /** Adds the newest. */
  push(entry: OutboxEntry): void {
    this.waiting = [...this.waiting, entry];
  }

  /** Lets go of everything up to an ordinal. */
  dropUpTo(ordinal: number): void {
    this.waiting = this.waiting.filter((entry) => entry.ordinal > ordinal);
  }

  /** Where the ledger can stand: in front of the first record here, or behind any of them. `end` is the entity's own. */
  openEnds(end: Place): readonly Place[] {
    const records = this.waiting.flatMap((entry) => entry.records);
    const first = records[0];
    return first === undefined ? [end] : [{ seq: first.seq - 1, hash: first.prevHash }, ...records.map(({ seq, hash }) => ({ seq, hash }))];
  }

  /** Where the ledger stands once it holds these entries, the oldest here. */
  behind(entries: readonly OutboxEntry[], end: Place): Place {
    const last = entries.flatMap(({ records }) => records).at(-1);
    return last === undefined ? (this.openEnds(end)[0] ?? end) : { seq: last.seq, hash: last.hash };
  }

  /** Whether a record behind `seq` belongs to an outcome that the ledger is said to hold already. */
  leavesOut({ seq, ordinal: upTo }: Confirmation): boolean {
    return this.waiting.some(({ ordinal, records }) => ordinal <= upTo && records.some((record) => record.seq > seq));
  }
}

const charsOf = (entries: readonly OutboxEntry[]): number =>
  entries.reduce((sum, { records }) => records.reduce((chars, { canonical }) => chars + canonical.length, sum), 0);
