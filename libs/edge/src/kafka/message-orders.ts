import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { RightsSeal, Signed } from '../auth/rights-seal';
import { insertNew, type EventBus, type IncomingMessage } from '@qiyue/platform';
import type { DeadLetterRow } from './dead-letter-rows';

export type MessageAction = 'skip' | 'park';

/** What an operator has decided about one message, for one group that reads it. */
interface OrderRow extends Signed {
  /** `<group>/<topic>:<partition>:<offset>` */
  readonly _id: string;
  readonly group: string;
  readonly action: MessageAction;
  readonly at: string;
}

/** Reason of a letter that an operator put aside to try it again later. */
export const PARKED_BY_OPERATOR = 'parked-by-operator';
export const SKIPPED_BY_OPERATOR = 'skipped-by-operator';

const FRESH_MS = 1_000;

export const messageIdOf = ({ topic, partition, offset }: Pick<IncomingMessage, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}:${partition}:${offset}`;

/**
 * What operators have decided about messages at which a reader stands still. A reader looks at them before each attempt. With a seal, only at those that
 * operators have signed: whoever may write to the database takes no message from a reader, least of all before it is sent.
 */
export class MessageOrders {
  private readonly orders: Collection<OrderRow>;
  private readonly letters: Collection<DeadLetterRow>;
  private known: { readonly atMs: number; readonly rows: Promise<readonly OrderRow[]> } | null = null;

  constructor(
    db: Db,
    private readonly group: string,
    private readonly rights: Pick<RightsSeal, 'sign' | 'isRight'> | null,
  ) {
    this.orders = db.collection('messageOrders');
    this.letters = db.collection('deadLetters');
  }

  async place(message: Pick<IncomingMessage, 'topic' | 'partition' | 'offset'>, action: MessageAction): Promise<void> {
    const order: OrderRow = { _id: this.idOf(message), group: this.group, action, at: toShanghaiIso(Date.now()) };
    await this.orders.replaceOne({ _id: order._id }, (await this.rights?.sign('messageOrders', order)) ?? order, { upsert: true });
  }

  /** The messages that the reader is to handle; the others get a row among the dead letters. Asks at most once a second. */
  async obey(messages: readonly IncomingMessage[]): Promise<readonly IncomingMessage[]> {
    const actions = new Map((await this.pending()).map(({ _id, action }) => [_id, action]));
    if (actions.size === 0) return messages;
    const aside = messages.filter((message) => actions.has(this.idOf(message)));
    if (aside.length === 0) return messages;
    await insertNew(
      this.letters,
      aside.map((message) => this.letterOf(message, actions.get(this.idOf(message)) ?? 'park')),
    );
    await this.orders.deleteMany({ _id: { $in: aside.map((message) => this.idOf(message)) } });
    this.known = null;
    return messages.filter((message) => !aside.includes(message));
  }

  private pending(): Promise<readonly OrderRow[]> {
    if (this.known === null || Date.now() - this.known.atMs > FRESH_MS) this.known = { atMs: Date.now(), rows: this.signed() };
    return this.known.rows;
  }

  private async signed(): Promise<readonly OrderRow[]> {
    const { rights } = this;
    const rows = await this.orders.find({ group: this.group }).toArray();
    if (rights === null) return rows;
    const areRight = await Promise.all(rows.map((row) => rights.isRight('messageOrders', row)));
    return rows.filter((_, i) => areRight[i]);
  }

  private letterOf(message: IncomingMessage, action: MessageAction): DeadLetterRow {
    const { topic, partition, offset } = message;
    const [reason, state] = action === 'skip' ? ([SKIPPED_BY_OPERATOR, 'skipped'] as const) : ([PARKED_BY_OPERATOR, 'open'] as const);
    return { _id: messageIdOf(message), topic, partition, offset, reason, reader: this.group, hash: '', at: toShanghaiIso(Date.now()), state };
  }

  private idOf(message: Pick<IncomingMessage, 'topic' | 'partition' | 'offset'>): string {
    return `${this.group}/${messageIdOf(message)}`;
  }
}

/** A bus whose reader leaves out what an operator has taken from it. While the orders cannot be read it handles everything. */
export const obeyingBus = (bus: EventBus, orders: Pick<MessageOrders, 'obey'>): EventBus => ({
  publisher: () => bus.publisher(),
  subscribe: (options, handle) =>
    bus.subscribe(options, async (messages, alive) => {
      const left = await orders.obey(messages).catch(() => messages);
      if (left.length > 0) await handle(left, alive);
    }),
});
