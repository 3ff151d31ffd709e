import type { Tables } from '@qiyue/engine';
import type { CommandGateway } from '../commands/command-gateway';
import type { Command, GatewayAnswer } from '../commands/gateway-answer';
import { isTurnedAway } from '../commands/gateway-errors';
import type { ParkingRule } from './parking-rule';

export interface GiverPorts {
  readonly gateway: Pick<CommandGateway, 'execute'>;
  readonly parking: Pick<ParkingRule, 'noteOutcome' | 'isDue'>;
  /** Whether an error says that a server is away: then it is waited for. */
  readonly isServerAway: (error: unknown) => boolean;
  /** What a new entity runs on. */
  readonly tablesFor?: (aggregate: string) => Tables | undefined;
}

/** `why`: the last answer, or the name of an error. */
export type Given = { readonly became: 'accepted' } | { readonly became: 'refused' | 'without-outcome'; readonly why: string };

/** How long a command may be without an outcome. */
export interface Bound {
  /** Called before each attempt. */
  readonly alive: () => Promise<void>;
  /** One attempt only, for what is tried again later anyway. */
  readonly once: boolean;
}

const ATTEMPT_MS = 3_000;
const PAUSE_MS = 500;

/** Gives commands of our own to their entities. Rejects only while a server is away. */
export class CommandGiver {
  constructor(private readonly ports: GiverPorts) {}

  async give(command: Command, { alive, once }: Bound): Promise<Given> {
    const ready = this.withTables(command);
    for (const sinceMs = Date.now(); ;) {
      await alive();
      const given = await this.attempt(ready);
      if (given.became !== 'without-outcome') {
        this.ports.parking.noteOutcome();
        return given;
      }
      if (once || (await this.ports.parking.isDue(given.why, sinceMs))) return given;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private withTables(command: Command): Command {
    const tables = command.starts ? this.ports.tablesFor?.(command.aggregate) : undefined;
    return tables === undefined ? command : { ...command, tables };
  }

  /** What breaks here has no outcome: nobody knows what became of it. */
  private async attempt(command: Command): Promise<Given> {
    try {
      return givenBy(await this.ports.gateway.execute(command, ATTEMPT_MS));
    } catch (error) {
      if (this.ports.isServerAway(error)) throw error;
      return { became: 'without-outcome', why: nameOf(error) };
    }
  }
}

const givenBy = (answer: GatewayAnswer): Given => {
  switch (answer.kind) {
    case 'unknown':
    case 'lost':
      return { became: 'without-outcome', why: answer.kind };
    case 'key-reused':
    case 'not-found':
      return { became: 'refused', why: answer.kind };
    case 'outcome': {
      if (answer.outcome.status === 'accepted') return { became: 'accepted' };
      const { code } = answer.outcome.refusal;
      return { became: isTurnedAway(code) ? 'without-outcome' : 'refused', why: code };
    }
  }
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
