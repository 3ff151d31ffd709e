import * as wf from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import {
  ADOPT_RULES,
  AHEAD,
  COMMAND_UPDATE_NAME,
  DIVERGED,
  dueKeyOf,
  Entity,
  instantMsOf,
  MOVED,
  REAL_TIME,
  realMsUntil,
  STANDING_QUERY_NAME,
  STATE_QUERY_NAME,
  type AppendActivities,
  type AppendRequest,
  type FlushResult,
  type CommandAnswer,
  type CommandEnvelope,
  type CommandShape,
  type Decider,
  type Due,
  type EntityStanding,
  type EntityState,
  type EventShape,
  type OutboxEntry,
  type ShellInput,
} from '@qiyue/engine';
import { detailsOf, labelOf } from './entity-labels';

/** The one update that every entity takes, also by the names of its commands; its update id is the command id. */
const commandUpdate = (name: string) => wf.defineUpdate<CommandAnswer, [CommandEnvelope]>(name);

/** In Markdown. */
const NEW_LINE = '  \n';

/** Where a run stands by the code that answers the query. */
export const STANDING_QUERY = wf.defineQuery<EntityStanding>(STANDING_QUERY_NAME);

/** What the entity is, for a decision about a command that is tried elsewhere; asked with its id. */
export const STATE_QUERY = wf.defineQuery<EntityState, [string]>(STATE_QUERY_NAME);

/** Only a replay listens: it gives no commands and may not change anything. */
export interface Observer<S> {
  /** After whatever may have moved the entity. */
  moved(entity: Pick<Entity<S, CommandShape, never, never>, 'pack' | 'due' | 'seq'>): void;
  /** For every command and timer that the entity handles. */
  handled(entry: OutboxEntry): void;
}
const NOBODY: Observer<unknown> = { moved: () => undefined, handled: () => undefined };

const NEVER_SUBMITTED_AFTER_MS = 60_000;
const LAZY_FLUSH_AFTER_MS = 5_000;
const IN_VAIN_PAUSE_MS = 1_000;
const IN_VAIN_PAUSE_MAX_MS = 600_000;
/** By how much the clocks of Temporal's hosts may differ. */
const CLOCKS_DIFFER_MS = 1_000;
/** No sender's clock is believed, be it an edge's: what was received later than this from now would carry the entity's time along for good. */
const RECEIVED_AHEAD_MS = 300_000;
/** Search attribute with the rules version that an entity has come to; absent means 1. */
const RULES_ATTRIBUTE = 'EntityRules';
/**
 * What a run does by itself (timers, search attributes, its end) it does only once the ledger has confirmed the state that it follows from. Runs that
 * began before go on so from their next step.
 */
const LEDGER_FIRST = 'ledger-first';
/** What is refused for role or ownership lets nothing fall due. Asked only where it makes a difference, so that few histories hold it. */
const REFUSED_HOLDS_CLOCK = 'refused-holds-clock';

/**
 * Turns a decider into a durable entity: one workflow per entity, the only writer of its stream.
 *
 * Contract:
 * 1. The handler is set before the first await and is synchronous: decide, evolve, seal and answer happen in one
 *    workflow task, so no command sees half of another.
 * 2. Nothing here throws but `ApplicationFailure`; a decider's throw has become the refusal `failed` in `Entity`.
 * 3. Callers append what an answer hands them. What nobody has confirmed after about 5 s, what a timer gave, and what
 *    was too much to hand over, one flush at a time appends. A ledger that is away delays neither answers nor timers.
 * 4. Continue-as-new carries everything: state, answers, the unconfirmed. Only the end waits for an empty outbox.
 * 5. A run in which no command is accepted fails as `NeverSubmitted`, so that its submit can start again.
 * 6. Beside its answers a run takes no step that depends on a state which the ledger has not confirmed: other code, which comes to another state, takes the same
 *    steps. While the ledger is away it goes on all the same.
 * 7. A run whose replay differs from what the ledger holds, or comes to another state by the same records, answers no command (`diverged`, nothing recorded), appends nothing, fires no timer and does not
 *    end: it takes the same steps as a run of the right code would, which all fail, and goes on where it was once that code runs it.
 * 8. A command under rules that this code does not know is turned away (`rules-unknown`, nothing recorded). A history that holds one is not gone on with:
 *    its tasks fail until code runs that knows them.
 */
export const entityWorkflow = <S, C extends CommandShape, E extends EventShape, R extends string>(
  decider: Decider<S, C, E, R>,
  observer: Observer<S> = NOBODY,
) =>
  async function run(input: ShellInput<S>): Promise<void> {
    const shell = new Shell(decider, input, observer);
    wf.setHandler(STANDING_QUERY, () => shell.standing);
    wf.setHandler(STATE_QUERY, (commandId) => shell.lookFor(commandId));
    for (const name of [COMMAND_UPDATE_NAME, ...(decider.labels?.updates?.types ?? [])])
      wf.setHandler(commandUpdate(name), (command) => shell.command(command), { validator: (command: CommandEnvelope) => shell.validate(command) });
    await wf.CancellationScope.nonCancellable(() => shell.live()); // an entity ends by its own rules, not by a cancel
    if (!shell.born) throw wf.ApplicationFailure.nonRetryable('no command was accepted', 'NeverSubmitted');
  };

class Shell<S, C extends CommandShape, E extends EventShape, R extends string> {
  private readonly entity: Entity<S, C, E, R>;
  /** Until the ledger is there. */
  private readonly patient = wf.proxyActivities<AppendActivities>({
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
  });
  /** A worker that is killed meanwhile must not make a deadline late, nor a queue of activities that nobody takes from. */
  private readonly brief = wf.proxyActivities<AppendActivities>({
    startToCloseTimeout: '1500 milliseconds',
    scheduleToCloseTimeout: '10 seconds',
    retry: { initialInterval: '100 milliseconds', maximumAttempts: 2 },
  });
  /** When an entry was first seen here, by ordinal: what the lazy flush waits for. */
  private readonly heldSinceMs = new Map<number, number>();
  private updates = 0;
  private flushing = false;
  private quarantined: boolean;
  private abandoned = false;
  /** A timer fired that by this code was not due: the code that set it had another deadline. */
  private firedEarly = false;
  /** The due that the timer follows: that of the last state which was confirmed. */
  private timed: Due<C> | null = null;
  private isLedgerFirst = false;
  /** Its history holds what older rules decided: it goes on in a run of its own. */
  private hasAdopted = false;
  private isAway = false;
  private hasFired = false;
  private attributes: Readonly<Record<string, string | null>> = {};

  constructor(
    private readonly decider: Decider<S, C, E, R>,
    private readonly input: ShellInput<S>,
    private readonly observer: Observer<S>,
  ) {
    this.entity = new Entity(
      decider,
      input.entity,
      input.carry,
      reportBug,
      (entry) => observer.handled(entry),
      () => wf.patched(REFUSED_HOLDS_CLOCK),
    );
    this.quarantined = input.quarantined ?? false;
  }

  get born(): boolean {
    return this.entity.seq > 0;
  }

  get standing(): EntityStanding {
    return { ...this.entity.standing, isDiverged: this.isDiverged };
  }

  lookFor(commandId: string): EntityState {
    return { ...this.entity.lookFor(commandId), isDiverged: this.isDiverged, isQuarantined: this.quarantined };
  }

  private get isDiverged(): boolean {
    return this.entity.isDiverged || this.firedEarly;
  }

  validate(command: CommandEnvelope): void {
    if (command.entity !== this.input.entity || command.commandId !== wf.currentUpdateInfo()?.id) {
      throw wf.ApplicationFailure.nonRetryable('command does not name this entity and update', 'Misdirected');
    }
    // Here, not in the handler: what a validator refuses is not recorded, so the same id may come again when it has passed.
    const nowMs = Date.now();
    if (nowMs > (command.notAfterMs ?? Infinity)) throw wf.ApplicationFailure.nonRetryable('nobody waits for it any more', 'expired', nowMs);
    if (this.msUntil(command.receivedAt) > RECEIVED_AHEAD_MS) throw wf.ApplicationFailure.nonRetryable('received in the future', AHEAD);
    if (this.quarantined) throw wf.ApplicationFailure.nonRetryable('the ledger holds another history of this entity', 'quarantined');
    if (!this.entity.knowsRules(command.rules)) throw wf.ApplicationFailure.nonRetryable('these rules are not known here yet', 'rules-unknown');
    if (this.isDiverged || this.entity.contradicts(command)) throw wf.ApplicationFailure.nonRetryable('the ledger holds something else', 'diverged');
    if (this.entity.isTooBusyFor(command.commandId)) throw wf.ApplicationFailure.nonRetryable('too much waits for the ledger', 'busy');
    if (command.onlyToRefuse === true && !this.entity.hasHandled(command.commandId) && !this.entity.wouldRefuse(command))
      throw wf.ApplicationFailure.nonRetryable('it would not be refused as things stand', MOVED);
  }

  command(command: CommandEnvelope): CommandAnswer {
    this.step();
    this.updates += 1;
    const answer = this.entity.handle(command);
    if (command.type === ADOPT_RULES && answer.outcome.status === 'accepted') this.hasAdopted = true;
    this.changed();
    return answer;
  }

  /** Returns when the entity has ended with everything in the ledger, or was never born; else continues as new. */
  async live(): Promise<void> {
    this.changed();
    void this.background(() => this.flushUnconfirmed());
    void this.background(() => this.keepDeadlines());
    if (!this.born && !(await wf.condition(() => this.born, NEVER_SUBMITTED_AFTER_MS))) this.abandoned = true;
    const ended = () => (this.entity.isFinal || (this.abandoned && !this.born)) && this.drained;
    for (;;) {
      await wf.condition(() => ended() || this.shouldContinueAsNew);
      this.step();
      if (this.born && this.isLedgerFirst) {
        await this.agreement();
        if (!ended() && !this.shouldContinueAsNew) continue;
      }
      if (ended()) return;
      // An update answered in this very task may be delivered to the next run as well: it carries the answer.
      await wf.continueAsNew<(input: ShellInput<S>) => Promise<void>>(this.carry());
    }
  }

  /** At every step: runs of before turn to asking the ledger first at the next one that is not a replay. Never in a condition, which may record nothing. */
  private step(): void {
    this.isLedgerFirst ||= wf.patched(LEDGER_FIRST);
  }

  private carry(): ShellInput<S> {
    return { ...this.input, carry: this.entity.pack(), ...(this.quarantined ? { quarantined: true } : {}) };
  }

  private get drained(): boolean {
    return !this.flushing && wf.allHandlersFinished() && (this.quarantined || this.entity.unconfirmed.length === 0);
  }

  private get shouldContinueAsNew(): boolean {
    const enough = this.hasAdopted || wf.workflowInfo().continueAsNewSuggested || this.updates >= (this.input.continueAfterUpdates ?? Infinity);
    return enough && this.born && !this.entity.isFinal && !this.flushing && wf.allHandlersFinished();
  }

  /** A coroutine beside main, started again should it ever fail: without it events and deadlines would stand still. */
  private async background(work: () => Promise<never>): Promise<never> {
    for (;;) {
      try {
        await work();
      } catch (error) {
        wf.log.error('entity coroutine failed', { name: error instanceof Error ? error.name : typeof error });
        await wf.sleep('10 seconds');
      }
    }
  }

  private async flushUnconfirmed(): Promise<never> {
    let inVain = 0;
    for (;;) {
      await wf.condition(() => !this.quarantined && this.entity.unconfirmed.length > 0);
      const waitMs = this.msUntilFlush();
      if (waitMs > 0) {
        await wf.condition(() => this.isUrgent(), waitMs, { summary: 'flush what nobody confirmed' });
        continue;
      }
      const isConfirmed = await this.flush(inVain);
      this.step();
      if (isConfirmed || this.isAway) inVain = 0;
      else if (this.isLedgerFirst) await this.pauseAfter(inVain++, 'a flush that confirmed nothing');
    }
  }

  /** Appends the oldest that is unconfirmed; whether the ledger confirmed any of it. */
  private async flush(timesInVain: number): Promise<boolean> {
    const entries = this.entity.nextToFlush;
    const oldest = entries[0]?.ordinal ?? 0;
    this.flushing = true;
    try {
      const result = await this.ask({
        entries,
        at: this.entity.behind(entries),
        ...(timesInVain === 0 ? {} : { timesInVain }),
        ...(this.isAway ? { isPatient: true } : {}),
      });
      this.isAway = result?.status === 'away';
      if (result?.status === 'appended') this.entity.confirm(result.confirmation);
      else if (result?.status === 'fork' && !this.isLedgerFirst) this.quarantined = true; // as runs did that older workers answered
      this.settle();
    } finally {
      this.flushing = false;
    }
    return this.entity.unconfirmed[0]?.ordinal !== oldest;
  }

  /** Returns once the ledger holds nothing that contradicts this run, or cannot be asked. */
  private async agreement(): Promise<void> {
    for (let inVain = 0; !this.isAway; inVain += 1) {
      const { seq, hash } = this.entity.standing;
      const { openEnds, lastDigests: digests } = this.entity;
      const agreement = { seq, hash, openEnds, isDiverged: this.isDiverged, digests };
      const result = await this.ask({ entries: [], agreement, ...(inVain === 0 ? {} : { timesInVain: inVain }) });
      this.isAway ||= result?.status === 'away'; // until a flush finds it there again
      if (result !== null) return;
      await this.pauseAfter(inVain, 'the ledger holds something else');
    }
  }

  /** Null when the ledger contradicts this run. */
  private async ask(request: Omit<AppendRequest, 'aggregate' | 'entity'>): Promise<FlushResult | null> {
    const { appendEntries } = request.isPatient === true || !this.isLedgerFirst ? this.patient : this.brief;
    try {
      return await appendEntries({ aggregate: this.decider.aggregate, entity: this.input.entity, ...request });
    } catch (error) {
      if (!(error instanceof wf.ActivityFailure)) throw error;
      return error.cause instanceof wf.ApplicationFailure && error.cause.type === DIVERGED ? null : { status: 'away' };
    }
  }

  private pauseAfter(timesInVain: number, summary: string): Promise<void> {
    return wf.sleep(Math.min(IN_VAIN_PAUSE_MS * 2 ** Math.min(timesInVain, 20), IN_VAIN_PAUSE_MAX_MS), { summary });
  }

  private msUntilFlush(): number {
    if (this.isUrgent()) return 0;
    const oldest = this.entity.unconfirmed[0];
    if (oldest === undefined) return LAZY_FLUSH_AFTER_MS;
    return (this.heldSinceMs.get(oldest.ordinal) ?? 0) + LAZY_FLUSH_AFTER_MS - Date.now();
  }

  private isUrgent(): boolean {
    const { unconfirmed } = this.entity;
    if (unconfirmed.length === 0) return false;
    if (this.abandoned || this.entity.isTooMuchToHandOver) return true;
    return this.isLedgerFirst ? this.hasFired : this.entity.isFinal || unconfirmed.some(({ channel }) => channel === 'timer');
  }

  private async keepDeadlines(): Promise<never> {
    let stuck: string | null = null;
    for (;;) {
      const due = this.timed;
      const key = dueKeyOf(due);
      if (due === null || key === stuck) {
        await wf.condition(() => dueKeyOf(this.timed) !== key);
        continue;
      }
      const waitMs = this.msUntil(due.at);
      if (
        waitMs > 0 &&
        (await wf.condition(() => dueKeyOf(this.timed) !== key, waitMs, { summary: labelOf(this.decider, due, this.entity.currentState) }))
      )
        continue;
      this.step();
      if (this.isLedgerFirst) {
        this.firedEarly = this.msUntil(due.at) > CLOCKS_DIFFER_MS;
        await this.agreement();
        if (dueKeyOf(this.entity.due()) !== key) {
          await wf.condition(() => dueKeyOf(this.timed) !== key); // a command was first, and is not confirmed yet
          continue;
        }
      }
      stuck = this.entity.fire().moved ? null : key; // a due that its own command does not move would fire for ever
      this.hasFired = true;
      this.changed();
      if (this.isLedgerFirst) await wf.condition(() => this.isSettled);
    }
  }

  private msUntil(at: string): number {
    return realMsUntil(this.input.pace ?? REAL_TIME, Date.now(), instantMsOf(at));
  }

  /** Whether the ledger has confirmed the state as it is, or nobody can ask it. */
  private get isSettled(): boolean {
    return this.entity.unconfirmed.length === 0 || this.isAway || !this.isLedgerFirst;
  }

  /** After anything that may have moved the entity: notes what is new in the outbox. */
  private changed(): void {
    const { unconfirmed } = this.entity;
    const firstOrdinal = unconfirmed[0]?.ordinal ?? Infinity;
    for (const ordinal of this.heldSinceMs.keys()) if (ordinal < firstOrdinal) this.heldSinceMs.delete(ordinal);
    for (const { ordinal } of unconfirmed) if (!this.heldSinceMs.has(ordinal)) this.heldSinceMs.set(ordinal, Date.now());
    this.settle();
    wf.setCurrentDetails([this.input.title ?? this.input.entity, ...detailsOf(this.decider, this.entity, this.entity.due())].join(NEW_LINE));
  }

  /** What follows from the state as it is now, once it may be followed. */
  private settle(): void {
    const due = this.entity.due();
    if (this.isSettled || (due !== null && this.msUntil(due.at) < LAZY_FLUSH_AFTER_MS)) this.timed = due; // what falls due before the next flush cannot wait for it
    if (this.isSettled) this.upsertAttributes();
    if (this.entity.unconfirmed.length === 0) this.hasFired = false;
    this.observer.moved(this.entity);
  }

  private upsertAttributes(): void {
    if (!this.born) return;
    const { rules } = this.entity.standing;
    const next = { ...this.decider.searchAttributes?.(this.entity.currentState), ...(rules === 1 ? {} : { [RULES_ATTRIBUTE]: String(rules) }) };
    const pairs = Object.entries(next).flatMap(([name, value]) => (this.attributes[name] === value ? [] : [attributePair(name, value)]));
    this.attributes = next;
    if (pairs.length > 0) wf.upsertSearchAttributes(pairs);
  }
}

/** Names ending in `At` are times, all others keywords: the kinds under which `infra` registers them. */
const attributePair = (name: string, value: string | null): SearchAttributeUpdatePair =>
  name.endsWith('At')
    ? { key: defineSearchAttributeKey(name, 'DATETIME'), value: value === null ? null : new Date(instantMsOf(value)) }
    : { key: defineSearchAttributeKey(name, 'KEYWORD'), value };

/** Only the kind and the place: a message may quote personal data. */
const reportBug = (error: unknown): void => {
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join(' ') : '';
  wf.log.error('decider threw', { error: error instanceof Error ? error.name : typeof error, stack });
};
