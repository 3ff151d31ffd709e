import type { Outcome, Tables } from '@qiyue/engine';
import type { CommandGateway } from '../commands/command-gateway';
import type { Command, GatewayAnswer } from '../commands/gateway-answer';
import { isTurnedAway } from '../commands/gateway-errors';
import type { LedgerStore } from '../ledger/ledger-store';
import type { ParkingRule } from './parking-rule';

/** What the way of reactions' commands needs. */
export interface ReactionCommandPorts {
  readonly gateway: Pick<CommandGateway, 'execute'>;
  /** What became of commands that are known. */
  readonly store: Pick<LedgerStore, 'commands'>;
  readonly parking: Pick<ParkingRule, 'noteOutcome' | 'isDue'>;
  /** Whether an error says that a server is away: then it is waited for. */
  readonly isServerAway: (error: unknown) => boolean;
  /** What a new entity runs on. */
  readonly tablesFor?: (aggregate: string) => Tables | undefined;
}

/** `why`: the last answer, or the name of an error. */
export type Executed = { readonly became: 'accepted' } | { readonly became: 'refused' | 'without-outcome'; readonly why: string };

/** How long a command may be without an outcome. */
export interface Bound {
  /** Called before each attempt. */
  readonly alive: () => Promise<void>;
  /** One attempt only, for what is tried again later anyway. */
  readonly once: boolean;
}

const ATTEMPT_MS = 3_000;
const PAUSE_MS = 500;

/**
 * The way of reactions' commands to their entities, each tried until it has an outcome or its bound is over.
 *
 * Contract: rejects only while a server is away. One that has its outcome already is not sent at all: an entity forgets old commands, and the gateway goes on without
 * asking what is known while MongoDB is slow, which it may well be while a whole topic is read again.
 */
export class ReactionCommands {
  constructor(private readonly ports: ReactionCommandPorts) {}

  /** What became of the command within its bound. */
  async execute(command: Command, { alive, once }: Bound): Promise<Executed> {
    const known = await this.known(command);
    if (known !== null) return known;
    const ready = this.withTables(command);
    for (const sinceMs = Date.now(); ;) {
      await alive();
      const executed = await this.attempt(ready);
      if (executed.became !== 'without-outcome') {
        this.ports.parking.noteOutcome();
        return executed;
      }
      if (once || (await this.ports.parking.isDue(executed.why, sinceMs))) return executed;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async known({ commandId, fingerprint }: Command): Promise<Executed | null> {
    const row = await this.ports.store.commands.findOne({ _id: commandId, state: { $ne: 'dead' } }, { projection: { fingerprint: 1, outcome: 1 } });
    if (row?.outcome === undefined) return null;
    return row.fingerprint === fingerprint ? executedAs(row.outcome) : { became: 'refused', why: 'key-reused' };
  }

  private withTables(command: Command): Command {
    const tables = command.starts ? this.ports.tablesFor?.(command.aggregate) : undefined;
    return tables === undefined ? command : { ...command, tables };
  }

  /** What breaks here has no outcome: nobody knows what became of it. */
  private async attempt(command: Command): Promise<Executed> {
    try {
      return executedBy(await this.ports.gateway.execute(command, ATTEMPT_MS));
    } catch (error) {
      if (this.ports.isServerAway(error)) throw error;
      return { became: 'without-outcome', why: nameOf(error) };
    }
  }
}

const executedBy = (answer: GatewayAnswer): Executed => {
  switch (answer.kind) {
    case 'unknown':
    case 'lost':
      return { became: 'without-outcome', why: answer.kind };
    case 'key-reused':
    case 'not-found':
      return { became: 'refused', why: answer.kind };
    case 'outcome':
      return executedAs(answer.outcome);
  }
};

const executedAs = (outcome: Outcome): Executed => {
  if (outcome.status === 'accepted') return { became: 'accepted' };
  const { code } = outcome.refusal;
  return { became: isTurnedAway(code) ? 'without-outcome' : 'refused', why: code };
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
