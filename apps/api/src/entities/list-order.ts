import type { Listing } from '@qiyue/aggregate';
import type { PageCursor } from '@qiyue/civic-contracts';
import { z } from 'zod';

export const NEWEST = 'new';

/** How a list is ordered: by a text in the read model's documents, and by their ids where it is the same. */
export interface Order {
  readonly name: string;
  readonly by: string;
  readonly direction: 1 | -1;
}

export const orderOf = ({ orders = {} }: Pick<Listing<never>, 'orders'>, name: string = NEWEST): Order => {
  const order = Object.hasOwn(orders, name) ? orders[name] : undefined;
  return order === undefined ? { name: NEWEST, by: 'view.createdAt', direction: -1 } : { name, by: order.by, direction: 1 };
};

/** `sort` of a list's query. */
export const sortOf = ({ orders = {} }: Pick<Listing<never>, 'orders'>) =>
  z
    .enum([NEWEST, ...Object.keys(orders)])
    .default(NEWEST)
    .meta({
      description: [`\`${NEWEST}\`: the newest first`, ...Object.entries(orders).map(([name, { summary }]) => `\`${name}\`: ${summary}`)].join('; '),
    });

export const sortBy = ({ by, direction }: Order): Readonly<Record<string, 1 | -1>> => ({ [by]: direction, _id: direction });

type Document = Readonly<Record<string, unknown>>;
const valueAt = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Document | undefined)?.[name], document);

/** A cursor says of which order it is, so that no list goes on in another one; those of the newest first are as they always were. */
const PREFIX = ':';
export const cursorAt = ({ name, by }: Order, document: Document): PageCursor => ({
  at: `${name === NEWEST ? '' : `${name}${PREFIX}`}${String(valueAt(document, by))}`,
  id: String(document['_id']),
});

const valueIn = ({ name }: Order, { at }: PageCursor): string => (name === NEWEST ? at : at.slice(name.length + PREFIX.length));

/** Whether a cursor is one of this order. */
export const isOfOrder = ({ name }: Order, { at }: PageCursor): boolean => (name === NEWEST ? /^\d{4}-/.test(at) : at.startsWith(`${name}${PREFIX}`));

/** What comes behind a cursor. The first of the two bounds the index, so that the hundredth page costs what the first did. */
export const behind = (order: Order, cursor: PageCursor | undefined): readonly object[] => {
  if (cursor === undefined) return [];
  const [on, than] = order.direction === 1 ? ['$gte', '$gt'] : ['$lte', '$lt'];
  const value = valueIn(order, cursor);
  return [{ [order.by]: { [on]: value } }, { $or: [{ [order.by]: { [than]: value } }, { _id: { [than]: cursor.id } }] }];
};

/** Whether one document comes before another. */
export const isBefore = (order: Order, a: Document, b: Document): boolean => {
  const [one, other] = [a, b].map((document) => [String(valueAt(document, order.by)), String(document['_id'])] as const);
  if (one === undefined || other === undefined || one[0] === other[0]) return (one?.[1] ?? '') < (other?.[1] ?? '') === (order.direction === 1);
  return one[0] < other[0] === (order.direction === 1);
};
