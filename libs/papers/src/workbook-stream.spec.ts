import { describe, expect, it } from '@jest/globals';
import readExcelFile from 'read-excel-file/node';
import { streamWorkbook } from './index';

const columns = [
  { heading: '项目', width: 20 },
  { heading: 'Count <&>', width: 10 },
];

type Rows = readonly (readonly (string | number | null)[])[];

async function* pages(...all: readonly Rows[]): AsyncGenerator<Rows> {
  for (const rows of all) yield await Promise.resolve(rows);
}

const bytesOf = async (rows: AsyncIterable<Rows>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of streamWorkbook(columns, rows)) parts.push(part);
  return Buffer.concat(parts);
};
const read = async (...all: readonly Rows[]) => (await readExcelFile(await bytesOf(pages(...all))))[0]?.data;

describe('a workbook that is written as its rows come', () => {
  it('is read by another library: headings, texts, numbers and empty cells, whatever signs are in them', async () => {
    const rows: Rows = [
      ['路灯 <1> & "2"', 20],
      ['䶮 😀', null],
      [null, 1.5],
    ];
    expect(await read(rows)).toEqual([['项目', 'Count <&>'], ...rows]);
  });

  it('takes words for words, whatever they look like: no cell is calculated', async () => {
    const words = ['=1+1', '+1', '-1', '@SUM(A1)', '0012', ' 2024-07-01 '];
    const bytes = await bytesOf(pages(words.map((word) => [word, null])));
    expect((await readExcelFile(bytes))[0]?.data.slice(1).map(([cell]) => String(cell).trim())).toEqual(words.map((word) => word.trim()));
    expect(bytes.includes('<f>')).toBe(false);
  });

  it('leaves out what XML cannot say, and keeps the rest', async () => {
    expect(await read([['a\u0000b\uD800c\uFFFEd', 1]])).toEqual([
      ['项目', 'Count <&>'],
      ['abcd', 1],
    ]);
  });

  it('asks for rows only as they are taken', async () => {
    let asked = 0;
    const endless = async function* (): AsyncGenerator<Rows> {
      for (;;) yield await Promise.resolve(Array.from({ length: 500 }, () => [`row ${(asked += 1)}`, asked]));
    };
    const parts = streamWorkbook(columns, endless())[Symbol.asyncIterator]();
    for (let i = 0; i < 20; i += 1) await parts.next();
    expect(asked).toBeLessThan(100_000);
    await parts.return?.();
  });
});
