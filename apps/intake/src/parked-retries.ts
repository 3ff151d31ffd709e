import { randomUUID } from 'node:crypto';
import {
  isServerAway,
  parkedMessageOf,
  parkedSubjectOf,
  aggregateOfTopic,
  type EntityAnswer,
  type EntityCommands,
  type ParkedCommand,
  type ParkedCommands,
} from '@qiyue/edge';
import type { Logger } from '@qiyue/platform';
import { Rounds, type Incidents } from '@qiyue/engine-runtime';
import { isWithoutOutcome, type CommandOutcomes } from './command-outcomes';

export interface RetryPorts {
  readonly parked: Pick<ParkedCommands, 'due' | 'lease' | 'putBack' | 'remove' | 'headOf'>;
  readonly commands: Pick<EntityCommands, 'execute'>;
  /** Of an aggregate; null for one that this program does not know. */
  readonly outcomes: (aggregate: string) => Pick<CommandOutcomes, 'settle' | 'isDead'> | null;
  readonly incidents: Pick<Incidents, 'note' | 'clear'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

const LOOK_EVERY_MS = 1_000;
const KEYS_AT_ONCE = 10;
const DUE_MAX = 200;
const ATTEMPT_MS = 3_000;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** An attempt that breaks, rather than being without an outcome, is not made for ever. */
const BREAKS_MAX = 5;

/**
 * Takes up parked commands, of each key in order, with growing pauses, until they have an outcome. Every intake does; a lease on the first
 * of a key keeps two of them from overtaking each other.
 */
export class ParkedRetries {
  private readonly me = randomUUID();
  private readonly broken = new Map<string, number>();
  private readonly rounds = new Rounds({
    round: () => this.round(),
    everyMs: LOOK_EVERY_MS,
    onBroken: (why) => this.ports.log.warn({ why }, 'parked commands wait for a server'),
  });

  constructor(private readonly ports: RetryPorts) {}

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** True when there may be more that is due already. */
  private async round(): Promise<boolean> {
    const due = [...(await this.ports.parked.due(DUE_MAX))];
    const isFull = due.length === DUE_MAX;
    let isAnyDone = false;
    const worker = async (): Promise<void> => {
      for (let id = due.shift(); id !== undefined && !this.rounds.isStopped; id = due.shift()) if (await this.drain(id)) isAnyDone = true;
    };
    await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, due.length) }, worker));
    return isFull && isAnyDone;
  }

  /** One command, and as long as each has its outcome the next of its key. True when any of them has. */
  private async drain(head: string): Promise<boolean> {
    let isAnyDone = false;
    for (let id: string | null = head; id !== null && !this.rounds.isStopped; isAnyDone = true) {
      const row: ParkedCommand | null = await this.ports.parked.lease(id, this.me);
      if (row === null || !(await this.give(row))) return isAnyDone;
      id = await this.ports.parked.headOf(row.key);
      if (id === null) await this.ports.incidents.clear('command-parked', parkedSubjectOf(row.key));
    }
    return isAnyDone;
  }

  /** True once it is out of the line. */
  private async give(row: ParkedCommand): Promise<boolean> {
    const { _id: id, commandId, type, needId: entity, actor, body, receivedAt } = row;
    const aggregate = aggregateOfTopic(row.topic) ?? '';
    const outcomes = this.ports.outcomes(aggregate);
    if (outcomes === null) return this.putBack(row, 'rules-unknown');
    let answer: EntityAnswer;
    try {
      answer = await this.ports.commands.execute({
        aggregate,
        commandId,
        type,
        entity,
        actor,
        body,
        receivedAt,
        channel: 'kafka',
        deadlineMs: ATTEMPT_MS,
      });
      if (!isWithoutOutcome(answer)) await outcomes.settle({ commandId, type, entity, body }, actor, answer, parkedMessageOf(row), row.hash);
    } catch (error) {
      return this.breaks(row, outcomes, error);
    }
    if (isWithoutOutcome(answer)) return this.putBack(row, answer.kind);
    this.broken.delete(id);
    await this.ports.parked.remove(id);
    this.ports.log.info({ commandId, kind: answer.kind }, 'a parked command has its outcome');
    return true;
  }

  private async breaks(row: ParkedCommand, outcomes: Pick<CommandOutcomes, 'isDead'>, error: unknown): Promise<boolean> {
    const why = error instanceof Error ? error.name : typeof error;
    const times = (this.broken.get(row._id) ?? 0) + (isServerAway(error) ? 0 : 1);
    this.broken.set(row._id, times);
    if (times < BREAKS_MAX) return this.putBack(row, why);
    this.broken.delete(row._id);
    await outcomes.isDead(parkedMessageOf(row), 'failed', why, row.commandId, row.actor, row.needId, row.hash);
    await this.ports.parked.remove(row._id);
    return true;
  }

  private async putBack({ _id, key, needId, topic, partition, offset, attempts }: ParkedCommand, why: string): Promise<false> {
    const pauseMs = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));
    await this.ports.parked.putBack(_id, this.me, { why, pauseMs });
    await this.ports.incidents.note({
      ...{ kind: 'command-parked', subject: parkedSubjectOf(key), place: { topic, partition, offset: String(offset) }, why },
      ...(needId === null ? {} : { entity: needId }),
    });
    return false;
  }
}
