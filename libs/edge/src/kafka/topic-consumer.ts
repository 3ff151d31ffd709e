import type { EventBus, Logger, Publisher, SubscribeOptions, Subscription } from '@qiyue/platform';
import type { MessageLoop } from './message-loop';

const PARTITIONS_AT_ONCE = 6;

/** What a process reads, and what goes with it. */
export interface TopicConsumerParts {
  readonly groupId: string;
  /** None: nothing is read. */
  readonly topics: readonly string[];
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  readonly log: Pick<Logger, 'warn'>;
  /** Ahead of the first message. */
  readonly before?: () => Promise<void> | void;
  /** Behind the last one. */
  readonly behind?: () => Promise<void>;
  /** Left out, each message is read as soon as it is there. */
  readonly pace?: SubscribeOptions['pace'];
  /** Of dead letters: closed when nothing sends any more. */
  readonly publisher?: Publisher;
}

/** Reads topics batch by batch for as long as the process lives. Its methods have the names by which Nest calls them. */
export class TopicConsumer {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: TopicConsumerParts) {}

  /** Resolves once it reads. */
  async onApplicationBootstrap(): Promise<void> {
    const { groupId, topics, bus, loop, log, before, pace } = this.parts;
    if (topics.length === 0) return;
    await before?.();
    const onTrouble = (kind: string): void => log.warn({ kind }, 'the consumer starts anew');
    this.subscription = await bus.subscribe(
      { groupId, topics, partitionsAtOnce: PARTITIONS_AT_ONCE, ...(pace === undefined ? {} : { pace }), onTrouble },
      loop.take,
    );
  }

  /** Resolves once nothing is under way. */
  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
    await this.parts.behind?.();
  }

  /** Resolves once what was sent is sent. */
  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher?.close();
  }
}
