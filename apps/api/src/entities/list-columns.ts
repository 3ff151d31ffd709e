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
