import { once } from 'node:events';
import { BOM, CSV, csvRowOf, listRowOf, XLSX, type ListColumn, type SheetCell } from '@qiyue/aggregate';
import { streamWorkbook } from '@qiyue/papers';
import type { Language } from '@qiyue/civic-domain';
import type { Response } from 'express';
import { SEARCHED_MAX, type ListRows } from './entity-lists';

type Pages = AsyncIterable<ListRows>;
type Rows = AsyncIterable<readonly (readonly SheetCell[])[]>;

export interface ListTable {
  readonly columns: readonly ListColumn[];
  readonly language: Language;
}

/** The last row of a table for which not everything was looked at. */
const NOT_ALL: Readonly<Record<Language, string>> = {
  'zh-CN': `（未查完：文字须逐条打开查找，一次至多 ${SEARCHED_MAX} 条；请用其他条件缩小范围）`,
  en: `(Not all were searched: texts are looked through one by one, up to ${SEARCHED_MAX} at a time; narrow it by other filters)`,
};

/** A list as a table for spreadsheets, page by page and as fast as it is taken: there is never more than a page of it here. */
export const sendCsv = (res: Response, table: ListTable, pages: Pages): Promise<void> =>
  send(res.type(CSV), csvOf(table.columns, rowsOf(table, pages)));

/** The same as a workbook for Excel. */
export const sendWorkbook = (res: Response, table: ListTable, pages: Pages): Promise<void> =>
  send(res.type(XLSX), streamWorkbook(table.columns, rowsOf(table, pages)));

async function* rowsOf({ columns, language }: ListTable, pages: Pages): Rows {
  let isWhole = true;
  for await (const { items, searchedAll } of pages) {
    isWhole &&= searchedAll;
    yield items.map((item) => listRowOf(columns, item));
  }
  if (!isWhole) yield [[NOT_ALL[language], ...columns.slice(1).map(() => null)]];
}

async function* csvOf(columns: readonly ListColumn[], pages: Rows): AsyncIterable<string> {
  yield BOM + csvRowOf(columns.map(({ heading }) => heading));
  for await (const rows of pages) yield rows.map(csvRowOf).join('');
}

/** Ends where whoever asked goes away. */
const send = async (res: Response, parts: AsyncIterable<string | Buffer>): Promise<void> => {
  for await (const part of parts) {
    if (res.destroyed) return;
    if (!res.write(part)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
};
