import { readEvent, type DeadLetters } from '@qiyue/edge';
import type { IncomingMessage, Logger } from '@qiyue/platform';
import type { ReceivedRecord } from '@qiyue/engine-runtime';
import type { NoticePlanner, Untold } from './notice-planner';

const WAIT_MS = 250;
const WAITS_MAX = 8;

/**
 * One batch of the events topic into notices. A message that is no event becomes a dead letter of the projections; here it is passed by.
 * An event that nobody can be told of goes to the dead-letter topic with its reason, and the partition goes on; should the
 * ledger come to hold it, the entity's next event catches up on it.
 */
export class NoticeBatches {
  constructor(
    private readonly planner: Pick<NoticePlanner, 'plan'>,
    private readonly aggregates: ReadonlySet<string>,
    private readonly letters: Pick<DeadLetters, 'send'>,
    private readonly log: Pick<Logger, 'error'>,
  ) {}

  async apply(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const sources = new Map<ReceivedRecord, IncomingMessage>();
    for (const message of messages) {
      const received = readEvent(message);
      if (received.ok && this.aggregates.has(received.record.body.aggregate)) sources.set(received.record, message);
      else
        this.log.error({ ...placeOf(message), why: received.ok ? 'event of another aggregate' : received.why }, 'nobody is told of a poison event');
    }
    for (const { record, why } of await this.planPatiently([...sources.keys()], alive)) {
      const message = sources.get(record) as IncomingMessage;
      this.log.error({ ...placeOf(message), why }, 'nobody can be told of an event');
      await this.letters.send(message, { reason: why, detail: why, entity: record.body.entity });
    }
  }

  /** A replica of the ledger may be behind the topic for a moment. */
  private async planPatiently(records: readonly ReceivedRecord[], alive: () => Promise<void>): Promise<readonly Untold[]> {
    for (let waits = 0; ; waits += 1) {
      const untold = await this.planner.plan(records, alive);
      if (untold.length === 0 || waits === WAITS_MAX) return untold;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      await alive();
    }
  }
}

const placeOf = ({ topic, partition, offset }: IncomingMessage) => ({ topic, partition, offset });
