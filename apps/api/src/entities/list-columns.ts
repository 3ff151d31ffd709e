import type { AnyAggregate, ListColumn, SheetCell } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';

type Item = Readonly<Record<string, unknown>>;

/** Those of the kind; else each field of an item by its name. */
export const columnsFor = ({ listing }: Pick<AnyAggregate, 'listing'>, language: Language): readonly ListColumn[] =>
  listing.columns?.(language) ??
  Object.keys(listing.item.shape).map((name) => ({ heading: name, width: 20, of: (item: Item) => plainCellOf(item[name]) }));

const plainCellOf = (value: unknown): SheetCell => {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
};

/** As records write it; people read the day and the hour in Shanghai. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}\.\d{3}\+08:00$/;
export const rowOf = (columns: readonly ListColumn[], item: object): readonly SheetCell[] =>
  columns.map(({ of }) => {
    const cell = of(item as Item);
    return typeof cell === 'string' ? cell.replace(INSTANT, '$1 $2') : cell;
  });
