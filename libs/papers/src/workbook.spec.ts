import { describe, expect, it } from '@jest/globals';
import readExcelFile from 'read-excel-file/node';
import { renderWorkbook } from './index';

const columns = [
  { heading: '项目', width: 20 },
  { heading: '金额', width: 10, format: '#,##0.00' },
];
const read = async (rows: readonly (readonly (string | number | null)[])[]) =>
  readExcelFile(await renderWorkbook([{ name: '项目清单', columns, rows }]));

describe('a workbook', () => {
  it('has a sheet by its name, headings over its columns, and each cell as what it is', async () => {
    expect(
      await read([
        ['路灯', 1234.5],
        ['䶮', null],
      ]),
    ).toEqual([
      {
        sheet: '项目清单',
        data: [
          ['项目', '金额'],
          ['路灯', 1234.5],
          ['䶮', null],
        ],
      },
    ]);
  });
  it('takes words for words, whatever they look like: no cell is calculated', async () => {
    const odd = ['=1+1', '+1', '-1', '@SUM(A1)', "=cmd|' /C calc'!A0", '＝1+1', '<b>&"x"</b>', '1', 'TRUE'];
    const [sheet] = await read(odd.map((text) => [text, 1]));
    expect(sheet?.data.slice(1).map(([text]) => text)).toEqual(odd);
  });
  it('may have no rows', async () => {
    expect(await read([])).toEqual([{ sheet: '项目清单', data: [['项目', '金额']] }]);
  });
});
