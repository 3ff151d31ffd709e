import { MongoServerError } from 'mongodb';
import type { CommandEnvelope, Outcome } from '@qiyue/engine';
import type { CommandDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { BatchedLookup } from './batched-lookup';

const DUPLICATE_KEY = 11000;
const AWAY_FOR_MS = 1_000;

type Known = Pick<CommandDocument, 'fingerprint' | 'outcome'>;

/**
 * What became of commands, by id. It is asked before a command goes to its workflow, but a command must be taken also
 * while MongoDB is away: then every answer is "nothing known", the workflow's own memory catches the retries, and for
 * a second nobody waits for the server again.
 */
export class CommandLog {
  private awayUntilMs = 0;
  private readonly lookup = new BatchedLookup<Known>(async (ids) => {
    // Local: what a row says is in Temporal's history already, so it stays true even should this copy be rolled back.
    const rows = await this.store.commands
      .find({ _id: { $in: [...ids] } }, { projection: { fingerprint: 1, outcome: 1 }, readConcern: { level: 'local' } })
      .toArray();
    return new Map(rows.map((row) => [row._id, row]));
  });

  constructor(
    private readonly store: LedgerStore,
    /** How long a command waits for MongoDB at most, in ms. */
    private readonly patienceMs = 1_000,
  ) {}

  find(commandId: string): Promise<Known | null> {
    return this.bounded(() => this.lookup.find(commandId));
  }

  /** Takes the id of a starting command, whose entity depends on the actor: the workflow alone could not see a reuse. */
  reserve(command: CommandEnvelope & { readonly aggregate: string }): Promise<Known | null> {
    return this.bounded(async () => {
      const { commandId, aggregate, entity, type, fingerprint, actor, channel, receivedAt } = command;
      try {
        await this.store.commands.insertOne({ _id: commandId, state: 'pending', aggregate, entity, type, fingerprint, actor, channel, receivedAt });
        return null;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return this.store.commands.findOne({ _id: commandId });
        throw error;
      }
    });
  }

  /** Notes a command whose outcome is not known yet, so that asking for it finds something. */
  async notePending(command: CommandEnvelope & { readonly aggregate: string }): Promise<void> {
    await this.reserve(command);
  }

  /** Notes a refusal that no workflow has given: its entity has ended. First come, first kept. */
  async noteRefused(command: CommandEnvelope & { readonly aggregate: string }, outcome: Outcome & { status: 'refused' }): Promise<void> {
    const { commandId, aggregate, entity, type, fingerprint, actor, channel, receivedAt } = command;
    const row = { state: 'refused' as const, aggregate, entity, type, actor, channel, receivedAt, code: outcome.refusal.code, outcome };
    await this.store.commands.updateOne({ _id: commandId, fingerprint }, { $set: row }, { upsert: true });
  }

  /** Notes a command that can never be taken, with the reason's code. */
  async noteDead(command: Omit<CommandDocument, 'state'> & { readonly code: string }): Promise<void> {
    const { _id, ...row } = command;
    try {
      await this.store.commands.updateOne({ _id, state: { $in: ['pending', 'dead'] } }, { $set: { ...row, state: 'dead' } }, { upsert: true });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error; // answered already: that stands
    }
  }

  private async bounded(ask: () => Promise<Known | null>): Promise<Known | null> {
    if (Date.now() < this.awayUntilMs) return null;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), this.patienceMs)));
    try {
      const answer = await Promise.race([ask(), tooLate]);
      if (answer !== 'late') return answer;
    } catch {
      // falls through: away
    } finally {
      clearTimeout(timer);
    }
    this.awayUntilMs = Date.now() + AWAY_FOR_MS;
    return null;
  }
}
