import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import readExcelFile from 'read-excel-file/node';
import type { ListRows } from './entity-lists';
import { sendCsv, sendWorkbook } from './list-tables';

const COLUMNS = ['title', 'compound'].map((name) => ({
  heading: name,
  width: 20,
  of: (item: Readonly<Record<string, unknown>>) => String(item[name]),
}));

async function* pages(...all: readonly boolean[]): AsyncGenerator<ListRows> {
  for (const [i, searchedAll] of all.entries()) yield await Promise.resolve({ items: [{ title: `t${i}`, compound: 'c' }], searchedAll });
}

const tableOf = async (send: typeof sendCsv, language: 'zh-CN' | 'en', ...searchedAll: readonly boolean[]): Promise<Buffer> => {
  const sink = Object.assign(new PassThrough(), { type: () => sink });
  const [content] = await Promise.all([buffer(sink), send(sink as never, { columns: COLUMNS, language }, pages(...searchedAll))]);
  return content;
};
const linesOf = async (...searchedAll: readonly boolean[]): Promise<readonly string[]> =>
  (await tableOf(sendCsv, 'en', ...searchedAll)).toString().trimEnd().split('\r\n').slice(1);

it('a table says in its last row that not all were searched, on whichever page that was, and no other table does', async () => {
  expect(await linesOf(true, true)).toEqual(['t0,c', 't1,c']);
  for (const one of [
    [true, false],
    [false, true],
  ] as const)
    expect(await linesOf(...one)).toEqual(['t0,c', 't1,c', expect.stringMatching(/^"?\(Not all were searched: .* up to 5000 at a time.*,$/)]);
});

it('a workbook says so too, in the language of its reader', async () => {
  const rowsOf = async (...searchedAll: readonly boolean[]) => (await readExcelFile(await tableOf(sendWorkbook, 'zh-CN', ...searchedAll)))[0]?.data;
  expect((await rowsOf(false))?.at(-1)).toEqual([expect.stringMatching(/^（未查完：.* 5000 条/), null]);
  expect(await rowsOf(true)).toHaveLength(2);
});
