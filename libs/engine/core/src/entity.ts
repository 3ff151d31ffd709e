import { ADOPT_RULES, type CommandAnswer, type CommandEnvelope, type Confirmation, type LedgerHead, type OutboxEntry, type Outcome } from './command';
import { aliasUnder, CLOCK_ACTOR, type CommandShape, type Context, type Decider, type EventShape, type Refusal, type Tables } from './decider';
import { knownRulesOf, UnknownRules } from './fold';
import { eventOf, GENESIS_HASH, sealRecord, sha256Hex, type EventRecord } from './record';
import { Outbox, type Place } from './outbox';
import { stateInForm, type EntityState } from './entity-state';
import type { EntityStanding } from './shell';
import { digestOf, fieldsThatDiffer, type DigestAt, type StateDigest } from './state-digest';
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
  /** Highest rules version that the entity has been given; absent means 1. */
  readonly rules?: number;
  /** Of the form of `state`; absent means 1. */
  readonly stateVersion?: number;
}

export { OUTBOX_MAX } from './outbox';

/** So many answers an entity remembers, beside those that nobody has confirmed. Older ones are in the command log. */
export const HANDLED_MAX = 500;
/** Hashes of records that are confirmed already, kept to be held against what the ledger is said to hold. */
const HASHES_KEPT = 64;
const DIGESTS_KEPT = 16;

/** Tells one due from the next, which may lie at the same instant. */
export const dueKeyOf = (due: { readonly at: string; readonly command: CommandShape } | null): string | null =>
  due && `${due.at} ${due.command.type} ${JSON.stringify(due.command.data)}`;

/**
 * One entity, alive: decides, evolves, seals records and remembers answers. Pure and synchronous, so that the
 * workflow, an audit and a test run the same code. The shell around it adds timers, flushing and continue-as-new.
 *
 * Contract:
 * 1. `handle` never throws on account of the decider: a throw becomes the refusal `failed`, state untouched.
 * 2. An answered command id gives the same outcome again, or `key-reused` if the fingerprint differs.
 * 3. Records leave `outbox` only by a confirmation that names a hash this entity has.
 * 4. It runs on the highest rules version that a command has brought. One that this code does not know throws `UnknownRules`, which
 *    holds the entity until the right code runs it; the shell's validator keeps such commands from being recorded by the wrong code.
 */
export class Entity<S, C extends CommandShape, E extends EventShape, R extends string> {
  private state: S;
  private seqNow: number;
  private hash: string;
  private time: string;
  private ordinal: number;
  private tables: Tables;
  private readonly handled: Map<string, Handled>;
  private readonly outbox: Outbox;
  private confirmedOrdinal: number;
  private rulesNow: number;
  /** By seq, the last ones of this run. */
  private readonly hashes = new Map<number, string>();
  /** Of the state, by the seq where commands left it, the last ones of this run. */
  private readonly digests = new Map<number, StateDigest>();
  private diverged = false;

  constructor(
    private readonly decider: Decider<S, C, E, R>,
    private readonly id: string,
    carry?: EntityCarry<S>,
    /** Told about a throw of the decider: a bug. */
    private readonly onBug: (error: unknown) => void = () => undefined,
    /** Told about every command and timer that it handles, whatever came of it. */
    private readonly onHandled: (entry: OutboxEntry) => void = () => undefined,
    /** Asked when a command that is not permitted would have let something fall due; false for runs that began when it did. */
    private readonly refusedHoldsClock: () => boolean = () => true,
  ) {
    this.rulesNow = this.known(carry?.rules ?? 1);
    this.state = carry === undefined ? decider.initial : stateInForm(carry, decider);
    this.seqNow = carry?.seq ?? 0;
    this.hash = carry?.hash ?? GENESIS_HASH;
    this.time = carry?.time ?? '1970-01-01T08:00:00.000+08:00';
    this.ordinal = carry?.ordinal ?? 0;
    this.tables = carry?.tables ?? {};
    // By ordinal: an object hands out ids that are whole numbers first, whenever they came.
    this.handled = new Map(Object.entries(carry?.handled ?? {}).sort(([, a], [, b]) => a.ordinal - b.ordinal));
    this.outbox = new Outbox(carry?.outbox ?? []);
    this.confirmedOrdinal = carry?.confirmedOrdinal ?? 0;
    for (const end of this.openEnds) this.keepHash(end);
    this.keepHash(this.end);
    if (carry !== undefined) this.keepDigest();
  }

  get seq(): number {
    return this.seqNow;
  }
  get currentState(): S {
    return this.state;
  }
  get unconfirmed(): readonly OutboxEntry[] {
    return this.outbox.entries;
  }
  get isFinal(): boolean {
    return this.seqNow > 0 && this.decider.isFinal(this.state);
  }
  get standing(): EntityStanding {
    return { ...this.end, rules: this.rulesNow, isDiverged: this.diverged, unconfirmed: this.outbox.entries.length, digests: this.lastDigests };
  }
  /** What it is, for a decision about this command that is tried elsewhere. */
  lookFor(commandId: string): Omit<EntityState, 'isDiverged' | 'isQuarantined'> {
    const { seqNow: seq, time, state, rulesNow: rules, tables } = this;
    const { stateVersion } = this.decider;
    const handled = this.handled.get(commandId);
    return {
      ...{ seq, time, state, rules, tables },
      ...(stateVersion === undefined ? {} : { stateVersion }),
      ...(handled === undefined ? {} : { answered: { fingerprint: handled.fingerprint, outcome: handled.outcome } }),
    };
  }
  /** True once a confirmation has shown that this code gives records where the code that answered gave none. */
  get isDiverged(): boolean {
    return this.diverged;
  }
  /** Whether this code can decide under a rules version. */
  knowsRules(rules: number | undefined): boolean {
    return (rules ?? 1) <= knownRulesOf(this.decider);
  }

  get isTooMuchToHandOver(): boolean {
    return this.outbox.isTooMuchToHandOver;
  }
  get nextToFlush(): readonly OutboxEntry[] {
    return this.outbox.nextToFlush;
  }
  /** Where the ledger can stand while it agrees with this run: see `Outbox.openEnds`. */
  get openEnds(): readonly Place[] {
    return this.outbox.openEnds(this.end);
  }
  /** Of the last command that is confirmed and of those that are not: the last that the ledger has is one of them. */
  get lastDigests(): readonly DigestAt[] {
    return [...this.digests].map(([seq, digest]) => ({ seq, digest })).slice(-1 - this.unconfirmed.length);
  }
  /** Where the ledger stands once it holds these, the oldest that are unconfirmed. */
  behind(entries: readonly OutboxEntry[]): Place {
    return this.outbox.behind(entries, this.end);
  }

  private get end(): Place {
    return { seq: this.seqNow, hash: this.hash };
  }

  /** What comes next by itself, as the state is; null when nothing will. */
  due(): { readonly at: string; readonly command: C } | null {
    return this.decider.due(this.state, { rules: this.rulesNow });
  }

  /**
   * Decides, evolves and seals; the same id again gives the first answer. Never throws: a decider that does is reported, and the command refused
   * as `failed`.
   */
  handle(command: CommandEnvelope): CommandAnswer {
    if (command.confirmed) this.confirm(command.confirmed);
    const seen = this.handled.get(command.commandId);
    if (seen) {
      const outcome = seen.fingerprint === command.fingerprint ? seen.outcome : this.refused({ code: 'key-reused' });
      return this.answer(outcome, seen.fingerprint);
    }
    if (command.refusedFor) return this.answer(this.remember(command, this.refused(command.refusedFor), []), command.fingerprint);
    this.catchUp(command); // by the rules that it had then
    this.rulesNow = Math.max(this.rulesNow, this.known(command.rules ?? 1));
    if (command.expectedSeq !== undefined && command.expectedSeq !== this.seqNow) {
      return this.answer(this.remember(command, this.refused({ code: 'sequence-mismatch', detail: { seq: this.seqNow } }), []), command.fingerprint);
    }
    if (command.tables) this.tables = command.replaceTables ? { ...this.tables, ...command.tables } : { ...command.tables, ...this.tables };
    if (command.type === ADOPT_RULES) return this.answer(this.adopted(command), command.fingerprint);
    const at = laterOf(command.receivedAt, this.time);
    return this.answer(this.run(command, at), command.fingerprint);
  }

  private adopted(command: CommandEnvelope): Outcome {
    return this.remember(command, this.seqNow > 0 ? undefined : this.refused({ code: 'not-found' }), []);
  }

  /**
   * What fell due before a command was received happens before it, also when the timer itself comes later: after an outage. But what is refused for
   * role or ownership moves nothing: the timer does that.
   */
  private catchUp(command: CommandEnvelope): void {
    if (!isDueBy(this.due(), command.receivedAt)) return;
    if (!this.isPermittedThen(command) && this.refusedHoldsClock()) return;
    while (isDueBy(this.due(), command.receivedAt)) if (!this.fire().moved) return;
  }

  /** Whether the command is its actor's to give once all has happened that falls due before it: who may do what can follow from a deadline. */
  private isPermittedThen(command: CommandEnvelope): boolean {
    const { decider, rulesNow: rules, tables, id: entity } = this;
    if (decider.isPermitted === undefined) return true;
    try {
      let state = this.state;
      for (let due = this.due(); due !== null && isDueBy(due, command.receivedAt);) {
        const context: Context = { now: laterOf(due.at, this.time), actor: CLOCK_ACTOR, entity, commandId: command.commandId, tables, rules };
        const decision = decider.decide(due.command, state, context);
        if (!decision.ok || decision.events.length === 0) break;
        state = decision.events.reduce((before, event) => decider.evolve(before, this.newest(event), { rules }), state);
        const next = decider.due(state, { rules });
        if (dueKeyOf(next) === dueKeyOf(due)) break;
        due = next;
      }
      const context = this.contextOf(command, command.receivedAt);
      return decider.isPermitted({ type: command.type, data: command.data } as unknown as C, state, context);
    } catch {
      return true; // a bug of the decider, which `run` meets and records
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

  /** Forgets what the ledger has, provided that it has this hash at this seq. */
  confirm(confirmation: Confirmation): void {
    if (!this.knows(confirmation)) return;
    if (this.outbox.leavesOut(confirmation)) this.diverged = true; // this code accepts what the code that ran refused
    if (this.diverged) return;
    this.outbox.dropUpTo(confirmation.ordinal);
    this.confirmedOrdinal = Math.max(this.confirmedOrdinal, Math.min(confirmation.ordinal, this.ordinal));
    this.forget();
  }

  /**
   * Whether a sender's knowledge of the ledger shows that this run is another history than the one that was answered: the code at hand decides
   * or folds otherwise than the code that ran, or the run was set back. A sender that knows less than the run is no contradiction.
   */
  contradicts({ head, confirmed }: Pick<CommandEnvelope, 'head' | 'confirmed'>): boolean {
    if (this.diverged) return true;
    if (confirmed !== undefined && (this.contradictsRecords(confirmed) || this.leavesRecordsOut(confirmed) || this.contradictsState(confirmed)))
      return true;
    if (head === undefined) return false;
    return (
      this.contradictsRecords(head) ||
      this.contradictsOutcome(head.last) ||
      this.contradictsState(head.last) ||
      (head.isFresh === true && head.seq < this.confirmedSeq)
    );
  }

  private contradictsOutcome(last: LedgerHead['last']): boolean {
    const own = last && this.handled.get(last.commandId)?.outcome;
    return own !== undefined && (own.status !== last?.status || own.seq !== last.seq);
  }

  /** The same records, folded to something else: what is decided from here on would be decided otherwise. */
  private contradictsState(known: { readonly seq: number; readonly digest?: StateDigest } | undefined): boolean {
    const own = known && this.digests.get(known.seq);
    return own !== undefined && known?.digest !== undefined && fieldsThatDiffer(own, known.digest).length > 0;
  }

  private contradictsRecords({ seq, hash }: Place): boolean {
    if (seq > this.seqNow) return true;
    const own = this.hashes.get(seq);
    return own !== undefined && own !== hash;
  }

  /** The outcomes that the ledger has gave no record behind `seq` there, and give one here. */
  private leavesRecordsOut(confirmation: Confirmation): boolean {
    return this.knows(confirmation) && this.outbox.leavesOut(confirmation);
  }

  /** The ledger holds at least this much, by what was confirmed to this run. */
  private get confirmedSeq(): number {
    return this.openEnds[0]?.seq ?? this.seqNow;
  }

  private keepHash({ seq, hash }: Place): void {
    this.hashes.set(seq, hash);
    if (this.hashes.size > HASHES_KEPT) this.hashes.delete(this.hashes.keys().next().value ?? 0);
  }

  private keepDigest(): StateDigest {
    const digest = this.digests.get(this.seqNow) ?? digestOf(this.state); // a state moves with its records only
    this.digests.set(this.seqNow, digest);
    if (this.digests.size > DIGESTS_KEPT) this.digests.delete(this.digests.keys().next().value ?? 0);
    return digest;
  }

  private known(rules: number): number {
    if (!this.knowsRules(rules)) throw new UnknownRules(rules, knownRulesOf(this.decider));
    return rules;
  }

  /** True when a command that is not known yet has to come again later: too much waits for the ledger. */
  isTooBusyFor(commandId: string): boolean {
    return this.outbox.isFull && !this.handled.has(commandId);
  }

  /**
   * Whether a command that is not known yet would be refused, by the decider or by this code, and not only for standing elsewhere than its sender thought.
   * Nothing happens: a copy answers it.
   */
  wouldRefuse(command: CommandEnvelope): boolean {
    const { outcome } = new Entity(this.decider, this.id, this.pack()).handle(command);
    return outcome.status === 'refused' && outcome.refusal.code !== 'sequence-mismatch';
  }

  /** Whether the command has its answer already. */
  hasHandled(commandId: string): boolean {
    return this.handled.has(commandId);
  }

  /** What confirms all that is unconfirmed now, once it is in the ledger. */
  confirmationOfAll(): Confirmation {
    return { seq: this.seqNow, hash: this.hash, ordinal: this.ordinal };
  }

  /** All that the next run needs: give it to the constructor. */
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
      outbox: this.outbox.entries,
      confirmedOrdinal: this.confirmedOrdinal,
      ...(this.rulesNow === 1 ? {} : { rules: this.rulesNow }),
      ...(this.decider.stateVersion === undefined ? {} : { stateVersion: this.decider.stateVersion }),
    };
  }

  private run(command: CommandEnvelope, at: string): Outcome {
    const rules = this.rulesNow;
    const context = this.contextOf(command, at);
    try {
      const decision = this.decider.decide({ type: command.type, data: command.data } as unknown as C, this.state, context);
      if (!decision.ok) return this.remember(command, this.refused(decision.refusal), []);
      const { events } = decision;
      const next = events.reduce((state, event) => this.decider.evolve(state, this.newest(event), { rules }), this.state);
      this.decider.summary(next); // whatever could throw on this state does so before anything is recorded
      this.decider.due(next, { rules });
      this.decider.isFinal(next);
      this.decider.searchAttributes?.(next);
      const records = this.seal(command, at, events);
      const tooLarge = tooLargeFor(command.recordBytesMax, records);
      if (tooLarge !== null) return this.remember(command, this.refused(tooLarge), []);
      return this.remember(command, undefined, this.take(records, next, at));
    } catch (error) {
      this.onBug(error);
      return this.remember(command, this.refused({ code: 'failed' }), []);
    }
  }

  private contextOf(command: CommandEnvelope, now: string): Context {
    const { id: entity, tables, rulesNow: rules } = this;
    return { now, actor: command.actor, entity, commandId: command.commandId, ...aliasUnder(rules, this.decider, command), tables, rules };
  }

  private newest({ type, data, version }: E): E {
    return eventOf<E>({ type, data, typeVersion: version ?? 1 }, this.decider.upcasters);
  }

  private seal(command: CommandEnvelope, time: string, events: readonly E[]): readonly EventRecord[] {
    const records: EventRecord[] = [];
    const { alias } = aliasUnder(this.rulesNow, this.decider, command);
    const named =
      alias === undefined
        ? { actor: command.actor, commandId: command.commandId }
        : { actor: { ...command.actor, id: alias.id, person: alias.person }, commandId: alias.commandId };
    let prevHash = this.hash;
    for (const { type, data, version } of events) {
      const record = sealRecord({
        v: 1,
        aggregate: this.decider.aggregate,
        entity: this.id,
        seq: this.seqNow + records.length + 1,
        type,
        time,
        ...named,
        data,
        prevHash,
        ...(this.rulesNow === 1 ? {} : { rules: this.rulesNow }),
        ...(version === undefined || version === 1 ? {} : { typeVersion: version }),
      });
      records.push(record);
      prevHash = record.hash;
    }
    return records;
  }

  private take(records: readonly EventRecord[], next: S, time: string): readonly EventRecord[] {
    const last = records.at(-1);
    this.state = next;
    if (last === undefined) return records;
    this.seqNow = last.seq;
    this.hash = last.hash;
    this.time = time;
    for (const record of records) this.keepHash(record);
    return records;
  }

  private remember(command: CommandEnvelope, refused: Outcome | undefined, records: readonly EventRecord[]): Outcome {
    const outcome: Outcome = refused ?? { status: 'accepted', entity: this.id, seq: this.seqNow, summary: this.decider.summary(this.state) };
    this.ordinal += 1;
    this.handled.set(command.commandId, { ordinal: this.ordinal, fingerprint: command.fingerprint, outcome });
    const { commandId, type, fingerprint, actor, channel, receivedAt } = command;
    const entry: OutboxEntry = {
      ordinal: this.ordinal,
      commandId,
      type,
      fingerprint,
      actor,
      channel,
      receivedAt,
      outcome,
      records,
      ...this.digestFor(channel),
    };
    this.outbox.push(entry);
    this.onHandled(entry);
    this.forget();
    return outcome;
  }

  /** A timer is nobody's command: no row of the ledger would keep it. */
  private digestFor(channel: CommandEnvelope['channel']): Pick<OutboxEntry, 'digest'> {
    return channel === 'timer' ? {} : { digest: this.keepDigest() };
  }

  private refused(refusal: Refusal): Outcome {
    return { status: 'refused', entity: this.id, seq: this.seqNow, summary: this.decider.summary(this.state), refusal };
  }

  private answer(outcome: Outcome, fingerprint: string): CommandAnswer {
    if (this.isTooMuchToHandOver) return { fingerprint, outcome, unconfirmed: [] };
    return { fingerprint, outcome, unconfirmed: this.unconfirmed, at: this.behind(this.unconfirmed) };
  }

  /** A confirmation counts only if this entity has that hash at that seq: else it speaks of another history. */
  private knows({ seq, hash }: Confirmation): boolean {
    if (seq === 0) return hash === GENESIS_HASH;
    if (seq === this.seqNow) return hash === this.hash;
    return this.openEnds.some((end) => end.seq === seq && end.hash === hash);
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

const isDueBy = (due: { readonly at: string } | null, time: string): boolean => due !== null && instantMsOf(due.at) <= instantMsOf(time);

const tooLargeFor = (maxBytes: number | undefined, records: readonly EventRecord[]): Refusal | null => {
  if (maxBytes === undefined) return null;
  const bytes = Math.max(0, ...records.map(({ canonical }) => utf8BytesOf(canonical)));
  return bytes > maxBytes ? { code: 'too-large', detail: { bytes, max: maxBytes } } : null;
};

/** Length of a text in UTF-8, without making it. */
const utf8BytesOf = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7ff)
      bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2; // a surrogate pair is two units and four bytes
    else if (unit > 0x7f) bytes += 1;
  }
  return bytes;
};
