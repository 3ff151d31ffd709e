import type { Incidents } from '@qiyue/engine-runtime';
import { type Logger, PartitionGone, type BatchHandler, type IncomingMessage, ConsumerTrouble } from '@qiyue/platform';
import type { DeadLetters, Letter } from './dead-letters';
import { isServerAway } from './server-away';
import { HandlerHangs, underWatch } from './under-watch';

/** What is the reader's own in reading a topic. */
export interface MessageReader {
  readonly groupId: string;
  /** A batch of one partition, in order. It may come again, whole or in part. `alive` is called whenever something of it got done. */
  readonly handle: BatchHandler;
  /** What else becomes of a message that nobody can handle, beside its dead letter: its entity is set aside, say. May be called twice. */
  readonly setAside?: (message: IncomingMessage, letter: Letter) => Promise<void>;
  /** Another reader of the same topic sees to what cannot be read; here it is passed by. */
  readonly skipsUnreadable?: true;
  /** Rejects, or does not answer, while a server that `handle` needs is away. */
  readonly probe: () => Promise<unknown>;
}

export interface MessageLoopPorts {
  readonly letters: Pick<DeadLetters, 'send'>;
  readonly incidents: Pick<Incidents, 'note' | 'clear'>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

export interface MessageLoopLimits {
  /** Times that a failing batch is handled as one, and then each of its messages alone. */
  readonly attempts: number;
  readonly pauseMs: number;
  /** Without a sign of life a handler counts as hanging. */
  readonly hangsAfterMs: number;
  readonly probeWithinMs: number;
  /** Between two looks at whether a server is back. */
  readonly awayPauseMs: number;
}

const LIMITS: MessageLoopLimits = { attempts: 3, pauseMs: 300, hangsAfterMs: 20_000, probeWithinMs: 5_000, awayPauseMs: 1_000 };
const HEARTBEAT_MS = 1_000;
/** When so many messages in a row failed one after the other, it is hardly the messages: what comes is slowed down, not thrown away at full speed. */
const FAILURES_IN_A_ROW = 20;
const SLOW_PAUSE_MS = 10_000;

/**
 * How every reader of a topic takes a batch.
 *
 * Contract: whatever one message does, it ends within a bound, as handled or as a dead letter that its reader has set aside; only a
 * server that is away is waited for, and that is an incident.
 * 1. What cannot be read never reaches the reader.
 * 2. A batch that fails, or hangs, is handled a few times, then message by message; the one that still fails alone is dead.
 * 3. Neither a dead letter that no broker takes nor a `setAside` that fails holds up what comes behind.
 * 4. Rejects only with `PartitionGone`.
 */
export class MessageLoop {
  private failuresInARow = 0;
  private readonly limits: MessageLoopLimits;
  private readonly trouble: ConsumerTrouble;

  constructor(
    private readonly reader: MessageReader,
    private readonly ports: MessageLoopPorts,
    limits: Partial<MessageLoopLimits> = {},
  ) {
    this.limits = { ...LIMITS, ...limits };
    this.trouble = new ConsumerTrouble(reader.groupId, ports);
  }

  readonly take: BatchHandler = async (messages, alive) => {
    let isGone = false;
    const heartbeat = setInterval(() => void alive().catch(() => (isGone = true)), HEARTBEAT_MS);
    const stay = async (): Promise<void> => {
      if (isGone) throw new PartitionGone();
      await alive();
    };
    try {
      for (const run of runsOf(messages)) {
        const [first] = run;
        if (first?.unreadable === undefined) await this.handle(run, stay);
        else if (this.reader.skipsUnreadable !== true) await this.setAside(first, { reason: 'malformed', detail: first.unreadable }, stay);
      }
    } finally {
      clearInterval(heartbeat);
    }
  };

  private async handle(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const [first] = messages;
    if (first === undefined) return;
    const failure = await this.attempt(first, alive, (stay) => this.reader.handle(messages, stay));
    if (failure === null) this.failuresInARow = 0;
    else if (messages.length > 1) for (const message of messages) await this.handle([message], alive);
    else {
      await this.setAside(first, { reason: 'failed', detail: failure }, alive);
      await this.slowDown(alive);
    }
  }

  private async setAside(message: IncomingMessage, letter: Letter, alive: () => Promise<void>): Promise<void> {
    const { topic, partition, offset } = message;
    this.ports.log.error({ topic, partition, offset, reason: letter.reason, why: letter.detail }, 'a message is set aside');
    await this.attempt(message, alive, () => this.ports.letters.send(message, letter));
    await this.attempt(message, alive, async () => this.reader.setAside?.(message, letter));
  }

  /** Null when it was done, else the name of what it failed with at last. */
  private async attempt(
    first: IncomingMessage,
    alive: () => Promise<void>,
    work: (alive: () => Promise<void>) => Promise<void>,
  ): Promise<string | null> {
    for (let failures = 0; ;) {
      try {
        await underWatch(work, alive, this.limits.hangsAfterMs);
        this.trouble.isPast(first);
        return null;
      } catch (error) {
        if (error instanceof PartitionGone) throw error;
        const isAway = isServerAway(error) || (error instanceof HandlerHangs && !(await this.serversAnswer()));
        if (!isAway) failures += error instanceof HandlerHangs ? 2 : 1; // that took long enough
        this.trouble.isMet(first, error);
        if (failures >= this.limits.attempts) {
          this.trouble.isPast(first);
          return nameOf(error);
        }
        await pause(isAway ? this.limits.awayPauseMs : this.limits.pauseMs);
        await alive();
      }
    }
  }

  private async serversAnswer(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), this.limits.probeWithinMs)));
    const answered = this.reader.probe().then(
      () => true,
      () => false,
    );
    const does = await Promise.race([answered, late]);
    clearTimeout(timer);
    return does;
  }

  private async slowDown(alive: () => Promise<void>): Promise<void> {
    this.failuresInARow += 1;
    if (this.failuresInARow < FAILURES_IN_A_ROW) return;
    await pause(SLOW_PAUSE_MS);
    await alive();
  }
}

/** Neighbours that can be read together; each that cannot by itself. */
const runsOf = (messages: readonly IncomingMessage[]): readonly (readonly IncomingMessage[])[] => {
  const runs: IncomingMessage[][] = [];
  for (const message of messages) {
    const last = runs.at(-1);
    if (last === undefined || message.unreadable !== undefined || last[0]?.unreadable !== undefined) runs.push([message]);
    else last.push(message);
  }
  return runs;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
