import { readEvent, type DeadLetters, type Letter } from '@qiyue/edge';
import type { IncomingMessage, Logger } from '@qiyue/platform';
import { hashesOf, heldRecords, type LedgerStore, type ParkedReactions, type ReactionRunner, type ReceivedRecord } from '@qiyue/engine-runtime';

export interface ReactionBatchPorts {
  readonly runner: Pick<ReactionRunner, 'take'>;
  readonly store: Pick<LedgerStore, 'ledger' | 'head'>;
  readonly parked: Pick<ParkedReactions, 'park'>;
  readonly letters: Pick<DeadLetters, 'send'>;
  readonly log: Pick<Logger, 'error'>;
}

const NOT_HELD = 'the ledger does not hold this record';

/**
 * One batch of the events topics into the commands that follow. A message that is no event becomes a dead letter of the projections; here it is passed by. An event that
 * the ledger does not hold goes to the dead-letter topic and changes nothing: whatever the topic lacks of a source is taken from the ledger with its next event.
 */
export class ReactionBatches {
  private readonly aggregates: ReadonlySet<string>;

  constructor(
    private readonly ports: ReactionBatchPorts,
    /** Those to whose events something reacts. */
    aggregates: readonly string[],
  ) {
    this.aggregates = new Set(aggregates);
  }

  async apply(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const sources = new Map<ReceivedRecord, IncomingMessage>();
    for (const message of messages) {
      const record = this.recordIn(message);
      if (record === null) this.ports.log.error(placeOf(message), 'nothing reacts to a poison event');
      else sources.set(record, message);
    }
    const { held, unknown } = await heldRecords((places) => hashesOf(this.ports.store, places), [...sources.keys()], alive);
    for (const record of unknown) {
      const message = sources.get(record) as IncomingMessage;
      await this.ports.letters.send(message, { reason: NOT_HELD, detail: NOT_HELD, entity: record.body.entity });
    }
    await this.ports.runner.take(held, alive);
  }

  /** A message whose handling broke: its source is gone on with beside the topic, as far as the ledger holds it. */
  async setAside(message: IncomingMessage, { detail }: Letter): Promise<void> {
    const record = this.recordIn(message);
    const head = record && (await this.ports.store.head(record.body.entity));
    if (record === null || head === null) return;
    const { entity, aggregate, seq } = record.body;
    await this.ports.parked.park({ _id: entity, aggregate, upTo: Math.min(seq, head.seq) }, { seq, why: detail, command: null });
  }

  private recordIn(message: IncomingMessage): ReceivedRecord | null {
    const received = readEvent(message);
    return received.ok && this.aggregates.has(received.record.body.aggregate) ? received.record : null;
  }
}

const placeOf = ({ topic, partition, offset }: IncomingMessage) => ({ topic, partition, offset });
