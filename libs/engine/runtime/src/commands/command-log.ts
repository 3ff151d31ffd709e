import { MongoServerError } from 'mongodb';
import type { CommandEnvelope, Outcome } from '@qiyue/engine';
import type { CommandDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { Joiner } from '../joiner';
import { Patience } from '../patience';
import { SeenIds } from './seen-ids';

const DUPLICATE_KEY = 11000;

type Known = Pick<CommandDocument, 'fingerprint' | 'outcome'>;
type Noted = CommandEnvelope & { readonly aggregate: string };

/**
 * What became of commands, by id. It is asked before a command goes to its workflow, but a command must be taken also
 * while MongoDB is away: then every answer is "nothing known", the workflow's own memory catches the retries, and for
 * a second nobody waits for the server again.
 */
export class CommandLog {
  private readonly patience: Patience;
  private readonly seen: SeenIds;
  private readonly lookup = new Joiner<string, Known | null>(async (ids) => {
    // Local: what a row says is in Temporal's history already, so it stays true even should this copy be rolled back.
    const rows = await this.store.commands
      .find({ _id: { $in: [...ids] } }, { projection: { fingerprint: 1, outcome: 1 }, readConcern: { level: 'local' } })
      .toArray();
    const found = new Map(rows.map((row) => [row._id, row]));
    return ids.map((id) => found.get(id) ?? null);
  });

  constructor(
    private readonly store: LedgerStore,
    /** How long a command waits for MongoDB at most, in ms. */
    patienceMs = 1_000,
  ) {
    this.patience = new Patience(patienceMs);
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

  stop(): Promise<void> {
    return this.seen.stop();
  }

  find(commandId: string): Promise<Known | null> {
    if (this.seen.mayHold(commandId)) return this.patience.wait(() => this.lookup.add(commandId));
    this.seen.add(commandId);
    return Promise.resolve(null);
  }

  /** Takes the id of a starting command, whose entity depends on the actor: the workflow alone could not see a reuse. */
  reserve(command: Noted): Promise<Known | null> {
    this.seen.add(command.commandId);
    return this.patience.wait(async () => {
      try {
        await this.store.commands.insertOne({ _id: command.commandId, fingerprint: command.fingerprint, state: 'pending', ...rowOf(command) });
        return null;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return this.store.commands.findOne({ _id: command.commandId });
        throw error;
      }
    });
  }

  /** Notes a command whose outcome is not known yet, so that asking for it finds something. */
  async notePending(command: Noted): Promise<void> {
    await this.reserve(command);
  }

  /**
   * Notes a refusal that no workflow has given: its entity has ended. First come, first kept: answers the outcome that stands. Rejects with a duplicate key
   * when the id is taken by another command.
   */
  async noteRefused(command: Noted, outcome: Outcome & { status: 'refused' }): Promise<Outcome> {
    const row = { ...rowOf(command), state: 'refused' as const, code: outcome.refusal.code, outcome };
    const { fingerprint } = command;
    try {
      await this.store.commands.updateOne({ _id: command.commandId, fingerprint, outcome: { $exists: false } }, { $set: row }, { upsert: true });
      return outcome;
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
      const kept = await this.store.commands.findOne({ _id: command.commandId, fingerprint });
      if (kept?.outcome === undefined) throw error;
      return kept.outcome;
    }
  }

  /** Notes a command that can never be taken, with the reason's code. */
  async noteDead(command: Omit<CommandDocument, 'state' | 'notedAt'> & { readonly code: string }): Promise<void> {
    const { _id, ...rest } = command;
    const row = { ...rest, notedAt: new Date() };
    try {
      await this.store.commands.updateOne({ _id, state: { $in: ['pending', 'dead'] } }, { $set: { ...row, state: 'dead' } }, { upsert: true });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error; // answered already: that stands
    }
  }
}

const rowOf = ({ aggregate, entity, type, actor, channel, receivedAt }: Noted) => ({
  ...{ aggregate, entity, type, actor, channel, receivedAt },
  notedAt: new Date(),
});
