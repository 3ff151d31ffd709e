import type { Confirmation, CommandEnvelope, CommandAnswer, OutboxEntry, Outcome } from './command';
import { CLOCK_ACTOR, type CommandShape, type Context, type Decider, type EventShape, type Refusal, type Tables } from './decider';
import { GENESIS_HASH, sealRecord, sha256Hex, type EventRecord } from './record';
import { instantMsOf, laterOf } from './time';

/** An answered command as the entity remembers it: enough to answer a retry and to see that it is one. */
interface Handled {
  readonly ordinal: number;
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

/** All that an entity carries through continue-as-new. Plain JSON. */
export interface EntityCarry<S> {
  readonly entity: string;
  readonly state: S;
  readonly seq: number;
  readonly hash: string;
  readonly time: string;
  readonly ordinal: number;
  readonly tables: Tables;
  readonly handled: Readonly<Record<string, Handled>>;
  readonly outbox: readonly OutboxEntry[];
  /** Ordinals up to here are in the ledger. */
  readonly confirmedOrdinal: number;
}

export const HANDLED_MAX = 500;
export const HANDED_OVER_MAX = 20;
/** Beyond this many unconfirmed entries a command is refused as busy; the ledger has been away for long. */
export const OUTBOX_MAX = 400;
const FLUSH_ENTRIES_MAX = 100;
/** In characters of canonical text, so that no argument or answer comes near Temporal's 2 MB, whatever the script. */
const HANDED_OVER_CHARS_MAX = 200_000;
export const OUTBOX_CHARS_MAX = 400_000;

/** Tells one due from the next, which may lie at the same instant. */
export const dueKeyOf = (due: { readonly at: string; readonly command: CommandShape } | null): string | null =>
  due && `${due.at} ${due.command.type} ${JSON.stringify(due.command.data)}`;

const charsOf = (entries: readonly OutboxEntry[]): number =>
  entries.reduce((sum, { records }) => records.reduce((chars, { canonical }) => chars + canonical.length, sum), 0);

/**
 * One entity, alive: decides, evolves, seals records and remembers answers. Pure and synchronous, so that the
 * workflow, an audit and a test run the same code. The shell around it adds timers, flushing and continue-as-new.
 *
 * Contract:
 * 1. `handle` never throws on account of the decider: a throw becomes the refusal `failed`, state untouched.
 * 2. An answered command id gives the same outcome again, or `key-reused` if the fingerprint differs.
 * 3. Records leave `outbox` only by a confirmation that names a hash this entity has.
 */
export class Entity<S, C extends CommandShape, E extends EventShape, R extends string> {
  private state: S;
  private seqNow: number;
  private hash: string;
  private time: string;
  private ordinal: number;
  private tables: Tables;
  private readonly handled: Map<string, Handled>;
  private outbox: OutboxEntry[];
  private confirmedOrdinal: number;

  constructor(
    private readonly decider: Decider<S, C, E, R>,
    private readonly id: string,
    carry?: EntityCarry<S>,
    /** Told about a throw of the decider: a bug. */
    private readonly onBug: (error: unknown) => void = () => undefined,
  ) {
    this.state = carry?.state ?? decider.initial;
    this.seqNow = carry?.seq ?? 0;
    this.hash = carry?.hash ?? GENESIS_HASH;
    this.time = carry?.time ?? '1970-01-01T08:00:00.000+08:00';
    this.ordinal = carry?.ordinal ?? 0;
    this.tables = carry?.tables ?? {};
    this.handled = new Map(Object.entries(carry?.handled ?? {}));
    this.outbox = [...(carry?.outbox ?? [])];
    this.confirmedOrdinal = carry?.confirmedOrdinal ?? 0;
  }

  get seq(): number {
    return this.seqNow;
  }
  get currentState(): S {
    return this.state;
  }
  get unconfirmed(): readonly OutboxEntry[] {
    return this.outbox;
  }
  get isFinal(): boolean {
    return this.seqNow > 0 && this.decider.isFinal(this.state);
  }

  /** The callers cannot take all that is unconfirmed with an answer: the entity's own flush has to bring it. */
  get isTooMuchToHandOver(): boolean {
    return this.outbox.length > HANDED_OVER_MAX || charsOf(this.outbox) > HANDED_OVER_CHARS_MAX;
  }
  /** The oldest unconfirmed entries, as many as one request may hold; at least one if there is any. */
  get nextToFlush(): readonly OutboxEntry[] {
    let chars = 0;
    return this.outbox.slice(0, FLUSH_ENTRIES_MAX).filter((entry, i) => (chars += charsOf([entry])) <= HANDED_OVER_CHARS_MAX || i === 0);
  }

  due(): { readonly at: string; readonly command: C } | null {
    return this.decider.due(this.state);
  }

  handle(command: CommandEnvelope): CommandAnswer {
    if (command.confirmed) this.confirm(command.confirmed);
    const seen = this.handled.get(command.commandId);
    if (seen) {
      const outcome = seen.fingerprint === command.fingerprint ? seen.outcome : this.refused({ code: 'key-reused' });
      return this.answer(outcome, seen.fingerprint);
    }
    this.catchUp(command.receivedAt);
    if (command.expectedSeq !== undefined && command.expectedSeq !== this.seqNow) {
      return this.answer(this.remember(command, this.refused({ code: 'sequence-mismatch', detail: { seq: this.seqNow } }), []), command.fingerprint);
    }
    if (command.tables) this.tables = command.replaceTables ? { ...this.tables, ...command.tables } : { ...command.tables, ...this.tables };
    const at = laterOf(command.receivedAt, this.time);
    return this.answer(this.run(command, at), command.fingerprint);
  }

  /** What fell due before a command was received happens before it, also when the timer itself comes later: after an outage. */
  private catchUp(receivedAt: string): void {
    for (let due = this.due(); due !== null && instantMsOf(due.at) <= instantMsOf(receivedAt); due = this.due()) {
      if (!this.fire().moved) return;
    }
  }

  /**
   * Gives the due command to the decider, as of its due time. A timer that the decider answers with nothing, a refusal
   * or a throw would fire for ever, so the answer says whether the state's next due moved.
   */
  fire(): { readonly moved: boolean } {
    const due = this.due();
    if (!due) return { moved: false };
    const commandId = `timer:${this.id}:${this.ordinal + 1}`;
    const at = laterOf(due.at, this.time);
    this.run(
      {
        commandId,
        entity: this.id,
        type: due.command.type,
        data: due.command.data as CommandEnvelope['data'],
        actor: CLOCK_ACTOR,
        channel: 'timer',
        receivedAt: at,
        fingerprint: sha256Hex(commandId),
      },
      at,
    );
    const next = this.due();
    return { moved: dueKeyOf(next) !== dueKeyOf(due) };
  }

  confirm(confirmation: Confirmation): void {
    if (!this.knows(confirmation)) return;
    this.outbox = this.outbox.filter((entry) => entry.ordinal > confirmation.ordinal);
    this.confirmedOrdinal = Math.max(this.confirmedOrdinal, Math.min(confirmation.ordinal, this.ordinal));
    this.forget();
  }

  /** True when a command that is not known yet has to come again later: too much waits for the ledger. */
  isTooBusyFor(commandId: string): boolean {
    return (this.outbox.length >= OUTBOX_MAX || charsOf(this.outbox) >= OUTBOX_CHARS_MAX) && !this.handled.has(commandId);
  }

  /** What confirms all that is unconfirmed now, once it is in the ledger. */
  confirmationOfAll(): Confirmation {
    return { seq: this.seqNow, hash: this.hash, ordinal: this.ordinal };
  }

  pack(): EntityCarry<S> {
    return {
      entity: this.id,
      state: this.state,
      seq: this.seqNow,
      hash: this.hash,
      time: this.time,
      ordinal: this.ordinal,
      tables: this.tables,
      handled: Object.fromEntries(this.handled),
      outbox: this.outbox,
      confirmedOrdinal: this.confirmedOrdinal,
    };
  }

  private run(command: CommandEnvelope, at: string): Outcome {
    const context: Context = { now: at, actor: command.actor, entity: this.id, commandId: command.commandId, tables: this.tables };
    let events: readonly E[];
    let next: S;
    try {
      const decision = this.decider.decide({ type: command.type, data: command.data } as unknown as C, this.state, context);
      if (!decision.ok) return this.remember(command, this.refused(decision.refusal), []);
      events = decision.events;
      next = events.reduce((state, event) => this.decider.evolve(state, event), this.state);
      this.decider.summary(next); // whatever could throw on this state does so before anything is recorded
      this.decider.due(next);
      this.decider.isFinal(next);
      this.decider.searchAttributes?.(next);
      return this.remember(command, undefined, this.seal(command, at, events, next));
    } catch (error) {
      this.onBug(error);
      return this.remember(command, this.refused({ code: 'failed' }), []);
    }
  }

  private seal(command: CommandEnvelope, time: string, events: readonly E[], next: S): readonly EventRecord[] {
    const records: EventRecord[] = [];
    let prevHash = this.hash;
    for (const event of events) {
      const record = sealRecord({
        v: 1,
        aggregate: this.decider.aggregate,
        entity: this.id,
        seq: this.seqNow + records.length + 1,
        type: event.type,
        time,
        actor: command.actor,
        commandId: command.commandId,
        data: event.data,
        prevHash,
      });
      records.push(record);
      prevHash = record.hash;
    }
    this.state = next;
    this.seqNow += records.length;
    this.hash = prevHash;
    if (records.length > 0) this.time = time;
    return records;
  }

  private remember(command: CommandEnvelope, refused: Outcome | undefined, records: readonly EventRecord[]): Outcome {
    const outcome: Outcome = refused ?? { status: 'accepted', entity: this.id, seq: this.seqNow, summary: this.decider.summary(this.state) };
    this.ordinal += 1;
    this.handled.set(command.commandId, { ordinal: this.ordinal, fingerprint: command.fingerprint, outcome });
    this.outbox.push({
      ordinal: this.ordinal,
      commandId: command.commandId,
      type: command.type,
      fingerprint: command.fingerprint,
      actor: command.actor,
      channel: command.channel,
      receivedAt: command.receivedAt,
      outcome,
      records,
    });
    this.forget();
    return outcome;
  }

  private refused(refusal: Refusal): Outcome {
    return { status: 'refused', entity: this.id, seq: this.seqNow, summary: this.decider.summary(this.state), refusal };
  }

  private answer(outcome: Outcome, fingerprint: string): CommandAnswer {
    return { fingerprint, outcome, unconfirmed: this.isTooMuchToHandOver ? [] : this.outbox };
  }

  /** A confirmation counts only if this entity has that hash at that seq: else it speaks of another history. */
  private knows({ seq, hash }: Confirmation): boolean {
    if (seq === 0) return hash === GENESIS_HASH;
    if (seq === this.seqNow) return hash === this.hash;
    for (const { records } of this.outbox) {
      for (const record of records) {
        if (record.seq === seq) return record.hash === hash;
        if (record.seq === seq + 1) return record.prevHash === hash;
      }
    }
    return false;
  }

  /** The last `HANDLED_MAX` answers stay, and every unconfirmed one; older ones are answered from the ledger's commands. */
  private forget(): void {
    let surplus = this.handled.size - HANDLED_MAX;
    if (surplus <= 0) return;
    for (const [commandId, { ordinal }] of this.handled) {
      if (surplus <= 0 || ordinal > this.confirmedOrdinal) return;
      this.handled.delete(commandId);
      surplus -= 1;
    }
  }
}
