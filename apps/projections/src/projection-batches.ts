import { isEntityId } from '@qiyue/engine';
import { heldRecords, type LedgerStore, type ProjectedModel, type Quarantine, type ReceivedRecord } from '@qiyue/engine-runtime';
import { readEvent, type DeadLetters, type Letter } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';

/** Between two signs of life. */
const AT_ONCE = 500;

/**
 * One batch of the events topic into one read model. A message that is no event of ours goes to the dead-letter topic
 * with its reason, and its entity is set aside in this model, since what it should have said is unknown; the partition
 * goes on. An event that the ledger does not hold goes there too, and changes nothing: the entity is as the ledger says.
 */
export class ProjectionBatches {
  constructor(
    private readonly model: Pick<ProjectedModel, 'apply'>,
    private readonly quarantine: Pick<Quarantine, 'add'>,
    private readonly aggregates: readonly string[],
    private readonly letters: Pick<DeadLetters, 'send'>,
    private readonly store: Pick<LedgerStore, 'ledger'>,
  ) {}

  async apply(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    for (let start = 0; start < messages.length; start += AT_ONCE) {
      await this.applySome(messages.slice(start, start + AT_ONCE), alive);
      await alive();
    }
  }

  /** The entity that the message is about, if it says so, is set aside in this model. */
  async setAside({ key }: IncomingMessage, { reason, detail }: Letter): Promise<void> {
    const why = reason === 'failed' ? `cannot be applied: ${detail}` : reason === 'malformed' ? detail : reason;
    if (key !== null && isEntityId(key)) await this.quarantine.add(key, null, `poison event: ${why}`);
  }

  private async applySome(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const read = messages.map((message) => ({ message, received: readEvent(message) }));
    const records = new Map(
      read.flatMap(({ message, received }) => (received.ok && this.isOurs(received.record) ? [[received.record, message] as const] : [])),
    );
    const { unknown } = await heldRecords(this.store, [...records.keys()], alive);
    for (const record of unknown) {
      await this.letters.send(records.get(record) as IncomingMessage, { ...letterOf(NOT_HELD), entity: record.body.entity });
      records.delete(record);
    }
    let good: ReceivedRecord[] = [];
    for (const { message, received } of read) {
      if (received.ok && this.isOurs(received.record)) {
        if (records.has(received.record)) good.push(received.record);
        continue;
      }
      await this.model.apply(good);
      good = [];
      await this.isDead(message, received.ok ? 'event of another aggregate' : received.why);
    }
    await this.model.apply(good);
  }

  private isOurs({ body }: ReceivedRecord): boolean {
    return this.aggregates.includes(body.aggregate);
  }

  private async isDead(message: IncomingMessage, reason: string): Promise<void> {
    const letter = { ...letterOf(reason), entity: message.key !== null && isEntityId(message.key) ? message.key : null };
    await this.letters.send(message, letter);
    await this.setAside(message, letter);
  }
}

const NOT_HELD = 'the ledger does not hold this record';
const letterOf = (reason: string): Pick<Letter, 'reason' | 'detail'> => ({ reason, detail: reason });
