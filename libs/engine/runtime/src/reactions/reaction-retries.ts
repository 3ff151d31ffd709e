import { randomUUID } from 'node:crypto';
import { faultOf } from '../fault';
import { Rounds } from '../rounds';
import { reactedTo, type ReactingAggregate } from './reacting-aggregate';
import type { ParkedReaction, ParkedReactions } from './parked-reactions';
import type { ReactionRunner } from './reaction-runner';
import type { RefusedReaction, RefusedReactions } from './refused-reactions';

/** What going on with sources that stand aside needs. */
export interface ReactionRetryPorts {
  readonly runner: Pick<ReactionRunner, 'goOn' | 'makeAgain'>;
  readonly parked: Pick<ParkedReactions, 'due' | 'lease' | 'renew' | 'putBack' | 'remove'>;
  readonly refused: Pick<RefusedReactions, 'askedAgain' | 'isDone' | 'putBack' | 'brokeAgain'>;
  readonly log: {
    /** A source goes on. */
    info(what: object, text: string): void;
    /** Something has to be waited for, or broke. */
    warn(what: object, text: string): void;
  };
}

const LOOK_EVERY_MS = 1_000;
const SOURCES_AT_ONCE = 10;
const DUE_MAX = 200;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;

/**
 * Goes on with sources that stand aside, with growing pauses, until they have caught up; and makes reactions that broke, once an operator asks. Every process that
 * runs reactions does, with those of kinds that it knows; a lease keeps two of them from doing the same.
 */
export class ReactionRetries {
  private readonly me = randomUUID();
  private readonly aggregates: readonly string[];
  private readonly rounds = new Rounds({
    round: () => this.round(),
    everyMs: LOOK_EVERY_MS,
    onBroken: (why) => this.ports.log.warn({ why }, 'parked reactions wait for a server'),
  });

  constructor(
    aggregates: readonly ReactingAggregate[],
    private readonly ports: ReactionRetryPorts,
  ) {
    this.aggregates = reactedTo(aggregates);
  }

  /** Begins; a second call does nothing. */
  start(): void {
    this.rounds.start();
  }

  /** Resolves when nothing is tried any more. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async round(): Promise<void> {
    const due = [...(await this.ports.parked.due(this.aggregates, DUE_MAX))];
    const worker = async (): Promise<void> => {
      for (let entity = due.shift(); entity !== undefined && !this.rounds.isStopped; entity = due.shift()) await this.retry(entity);
    };
    await Promise.all(Array.from({ length: Math.min(SOURCES_AT_ONCE, due.length) }, worker));
    for (const row of await this.ports.refused.askedAgain(this.aggregates, DUE_MAX)) if (!this.rounds.isStopped) await this.makeAgain(row);
  }

  private async retry(entity: string): Promise<void> {
    const { parked, log } = this.ports;
    const alive = async (): Promise<void> => void (await parked.renew(entity, this.me));
    let row = await parked.lease(entity, this.me);
    while (row !== null) {
      const { upTo } = row;
      const stuck = await this.attempt(row, alive);
      if (stuck !== null) return parked.putBack(entity, this.me, stuck, pauseMsAfter(row.attempts));
      if (await parked.remove(entity, this.me, upTo)) return log.info({ entity, upTo }, 'the reactions to a source go on');
      row = await parked.renew(entity, this.me); // more of it has come
    }
  }

  /** What breaks here parks its source further, whatever it is. */
  private async attempt(row: ParkedReaction, alive: () => Promise<void>): ReturnType<ReactionRunner['goOn']> {
    try {
      return await this.ports.runner.goOn(row, { alive, once: true });
    } catch (error) {
      const fault = faultOf(error);
      this.ports.log.warn({ entity: row._id, ...fault }, 'the reactions to a source cannot go on');
      return { seq: row.seq, why: fault.name, command: row.command };
    }
  }

  private async makeAgain({ _id: id, ...row }: RefusedReaction): Promise<void> {
    const { stuck, broke } = await this.ports.runner.makeAgain(row);
    if (stuck !== undefined) await this.ports.refused.putBack(id, stuck.why, LAST_PAUSE_MS);
    else if (broke !== undefined) await this.ports.refused.brokeAgain(id, broke);
    else await this.ports.refused.isDone(id);
  }
}

const pauseMsAfter = (attempts: number): number => Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));
