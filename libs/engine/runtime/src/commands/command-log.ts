import { MongoServerError } from 'mongodb';
import type { CommandEnvelope, Outcome } from '@qiyue/engine';
import { besideOf, type CommandDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { Batcher } from '../batcher';
import { CircuitBreaker } from '../circuit-breaker';
import { SeenIds } from './seen-ids';

const DUPLICATE_KEY = 11000;

/** What could never be taken has used no id up: a good command may have it yet. */
const NOT_DEAD = { state: { $ne: 'dead' as const } };

type Known = Pick<CommandDocument, 'fingerprint' | 'outcome'>;
type Named = Pick<CommandEnvelope, 'commandId' | 'entity'>;
type Noted = CommandEnvelope & { readonly aggregate: string };

/**
 * What became of commands, by id. It is asked before a command goes to its workflow, but a command must be taken also
 * while MongoDB is away: then every answer is "nothing known", the workflow's own memory catches the retries, and for
 * a second nobody waits for the server again.
 */
export class CommandLog {
  private readonly breaker: CircuitBreaker;
  private readonly seen: SeenIds;
  private readonly lookup = new Batcher<Named, Known | null>(async (commands) => {
    const ids = commands.flatMap(({ commandId, entity }) => [commandId, besideOf(commandId, entity)]);
    // Local: what a row says is in Temporal's history already, so it stays true even should this copy be rolled back.
    const rows = await this.store.commands
      .find({ _id: { $in: ids }, ...NOT_DEAD }, { projection: { fingerprint: 1, outcome: 1 }, readConcern: { level: 'local' } })
      .toArray();
    const found = new Map(rows.map((row) => [row._id, row]));
    return commands.map(({ commandId, entity }) => found.get(besideOf(commandId, entity)) ?? found.get(commandId) ?? null);
  });

  constructor(
    private readonly store: LedgerStore,
    /** How long a command waits for MongoDB at most, in ms. */
    waitMs = 1_000,
  ) {
    this.breaker = new CircuitBreaker(waitMs);
    this.seen = new SeenIds(store);
  }

  /** From here on the server is asked only for ids that it may know. Without it, for every one. */
  start(): void {
    this.seen.start();
  }

  /** True once new ids are told without asking. */
  get isFollowing(): boolean {
    return this.seen.isFollowing;
  }

  /** Ends what `start` has begun. */
  stop(): Promise<void> {
    return this.seen.stop();
  }

  /** What is known of a command; null for nothing, and while MongoDB is away. */
  find({ commandId, entity }: Named): Promise<Known | null> {
    if (this.seen.mayHold(commandId)) return this.breaker.call(() => this.lookup.add({ commandId, entity }));
    this.seen.add(commandId);
    return Promise.resolve(null);
  }

  /** Takes the id of a starting command, whose entity depends on the actor: the workflow alone could not see a reuse. */
  reserve(command: Noted): Promise<Known | null> {
    this.seen.add(command.commandId);
    return this.breaker.call(async () => {
      try {
        await this.store.commands.insertOne({ _id: command.commandId, ...pendingRowOf(command) });
        return null;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return this.reserveDead(command);
        throw error;
      }
    });
  }

  /** The row that has the id already, unless it is of a command that could never be taken: then the id is free, and now ours. */
  private async reserveDead(command: Noted): Promise<Known | null> {
    const dead = await this.store.commands.replaceOne({ _id: command.commandId, state: 'dead' }, pendingRowOf(command));
    return dead.matchedCount === 1 ? null : this.lookup.add(command);
  }

  /** Notes a command whose outcome is not known yet, so that asking for it finds something. */
  async notePending(command: Noted): Promise<void> {
    await this.reserve(command);
  }

  /**
   * Notes an outcome that no workflow has given: its entity has ended, or was never born. First come, first kept: answers the outcome that stands. Rejects
   * with a duplicate key when the id is taken by another command.
   */
  async noteOutcome(command: Noted, outcome: Outcome): Promise<Outcome> {
    const code = outcome.status === 'refused' ? { code: outcome.refusal.code } : {};
    const row = { ...rowOf(command), state: outcome.status, ...code, outcome };
    const { fingerprint } = command;
    try {
      const ours = { _id: command.commandId, outcome: { $exists: false }, $or: [{ fingerprint }, { state: 'dead' as const }] };
      await this.store.commands.updateOne(ours, { $set: { ...row, fingerprint } }, { upsert: true });
      return outcome;
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
      const kept = await this.store.commands.findOne({ _id: command.commandId, fingerprint });
      if (kept?.outcome === undefined) throw error;
      return kept.outcome;
    }
  }

  /**
   * Notes a command that can never be taken, with the reason's code. Whoever has sent it has to be known: a row of anybody else, and an
   * outcome, stay as they are.
   */
  async noteDead(command: Omit<CommandDocument, 'state' | 'notedAt'> & { readonly code: string }): Promise<void> {
    const { _id, ...rest } = command;
    const own = { _id, state: { $in: ['pending' as const, 'dead' as const] }, 'actor.id': command.actor.id };
    this.seen.add(_id);
    try {
      await this.store.commands.updateOne(own, { $set: { ...rest, notedAt: new Date(), state: 'dead' } }, { upsert: true });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error; // answered already, or another's: that stands
    }
  }
}

const pendingRowOf = (command: Noted) => ({ fingerprint: command.fingerprint, state: 'pending' as const, ...rowOf(command) });

const rowOf = ({ aggregate, entity, type, actor, channel, receivedAt }: Noted) => ({
  ...{ aggregate, entity, type, actor, channel, receivedAt },
  notedAt: new Date(),
});
