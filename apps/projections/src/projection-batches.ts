import { eventTopicOf, isEntityId } from '@qiyue/engine';
import { fromCloudEvent, type Projector, type Quarantine, type ReceivedRecord } from '@qiyue/engine-runtime';
import type { IncomingMessage, Logger, Publisher } from '@qiyue/adapters';

/**
 * One batch of the events topic into one read model. A message that is no event of ours goes to the dead-letter topic
 * with its reason, and its entity is set aside in this model, since what it should have said is unknown; the partition
 * goes on.
 */
export class ProjectionBatches {
  constructor(
    private readonly projector: Pick<Projector<unknown>, 'apply'>,
    private readonly quarantine: Pick<Quarantine, 'add'>,
    private readonly aggregate: string,
    private readonly log: Logger,
  ) {}

  async apply(messages: readonly IncomingMessage[], publisher: Publisher): Promise<void> {
    let good: ReceivedRecord[] = [];
    for (const message of messages) {
      const received = fromCloudEvent(message.value);
      if (received.ok && received.record.body.aggregate === this.aggregate) {
        good.push(received.record);
        continue;
      }
      await this.projector.apply(good);
      good = [];
      await this.setAside(message, received.ok ? 'event of another aggregate' : received.why, publisher);
    }
    await this.projector.apply(good);
  }

  private async setAside(message: IncomingMessage, why: string, publisher: Publisher): Promise<void> {
    this.log.error({ topic: message.topic, partition: message.partition, offset: message.offset, why }, 'poison event');
    const headers = { reason: why, 'source-partition': String(message.partition), 'source-offset': message.offset };
    await publisher.send(`${eventTopicOf(this.aggregate)}.dead`, [{ key: message.key ?? '', value: message.value ?? '', headers }]);
    if (message.key !== null && isEntityId(message.key)) await this.quarantine.add(message.key, null, `poison event: ${why}`);
  }
}
