import { once } from 'node:events';
import { BOM, CSV, csvRowOf, listRowOf, XLSX, type ListColumn, type SheetCell } from '@qiyue/aggregate';
import { streamWorkbook } from '@qiyue/papers';
import type { Response } from 'express';

type Pages = AsyncIterable<readonly object[]>;
type Rows = AsyncIterable<readonly (readonly SheetCell[])[]>;

/** A list as a table for spreadsheets, page by page and as fast as it is taken: there is never more than a page of it here. */
export const sendCsv = (res: Response, columns: readonly ListColumn[], pages: Pages): Promise<void> =>
  send(res.type(CSV), csvOf(columns, rowsOf(columns, pages)));

/** The same as a workbook for Excel. */
export const sendWorkbook = (res: Response, columns: readonly ListColumn[], pages: Pages): Promise<void> =>
  send(res.type(XLSX), streamWorkbook(columns, rowsOf(columns, pages)));

async function* rowsOf(columns: readonly ListColumn[], pages: Pages): Rows {
  for await (const items of pages) yield items.map((item) => listRowOf(columns, item));
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
