import { isEntityId } from '@qiyue/engine';
import { heldRecords, type HashesOf, type ProjectedModel, type Quarantine, type ReceivedRecord } from '@qiyue/engine-runtime';
import type { DeadLetters, Letter } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';
import type { EventsOnce } from './events-once';

/** Between two signs of life. */
const AT_ONCE = 500;

/**
 * One batch of the events topic into one read model. The ledger is the truth, and anybody who may write to the topic can put anything there: a message that is no
 * event of ours, and an event that the ledger does not hold, go to the dead-letter topic with their reason and change nothing. Should one stand where a record
 * ought to be, the entity's next event fills the gap out of the ledger, and the relay publishes what the topic lacks.
 */
export class ProjectionBatches {
  constructor(
    private readonly model: Pick<ProjectedModel, 'apply'>,
    private readonly quarantine: Pick<Quarantine, 'add'>,
    private readonly aggregates: readonly string[],
    private readonly letters: Pick<DeadLetters, 'send'>,
    private readonly events: Pick<EventsOnce, 'read'>,
    private readonly hashesOf: HashesOf,
  ) {}

  async apply(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    for (let start = 0; start < messages.length; start += AT_ONCE) {
      await this.applySome(messages.slice(start, start + AT_ONCE), alive);
      await alive();
    }
  }

  /** The entity of an event that cannot be applied is set aside in this model; any other message is dead and nothing else. */
  async setAside(message: IncomingMessage, { reason, detail }: Letter): Promise<void> {
    const received = this.events.read(message);
    if (reason !== 'failed' || !received.ok || !this.isOurs(received.record)) return;
    const { entity, seq } = received.record.body;
    await this.quarantine.add(entity, seq, `cannot be applied: ${detail}`);
  }

  private async applySome(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const records = new Map<ReceivedRecord, IncomingMessage>();
    for (const message of messages) {
      const received = this.events.read(message);
      if (received.ok && this.isOurs(received.record)) records.set(received.record, message);
      else await this.letters.send(message, { ...letterOf(received.ok ? OF_ANOTHER : received.why), entity: entityIn(message) });
    }
    const { unknown } = await heldRecords(this.hashesOf, [...records.keys()], alive);
    for (const record of unknown) {
      await this.letters.send(records.get(record) as IncomingMessage, { ...letterOf(NOT_HELD), entity: record.body.entity });
      records.delete(record);
    }
    await this.model.apply([...records.keys()]);
  }

  private isOurs({ body }: ReceivedRecord): boolean {
    return this.aggregates.includes(body.aggregate);
  }
}

const NOT_HELD = 'the ledger does not hold this record';
const OF_ANOTHER = 'event of another aggregate';
const letterOf = (reason: string): Pick<Letter, 'reason' | 'detail'> => ({ reason, detail: reason });
const entityIn = ({ key }: IncomingMessage): string | null => (key !== null && isEntityId(key) ? key : null);
