import type { ListColumn } from './aggregate';
import type { SheetCell } from './sheets';

/** As records write it; people read the day and the hour in Shanghai. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}\.\d{3}\+08:00$/;

/** An item of a list as the cells of its columns. */
export const listRowOf = (columns: readonly Pick<ListColumn, 'of'>[], item: object): readonly SheetCell[] =>
  columns.map(({ of }) => {
    const cell = of(item as Readonly<Record<string, unknown>>);
    return typeof cell === 'string' ? cell.replace(INSTANT, '$1 $2') : cell;
  });
