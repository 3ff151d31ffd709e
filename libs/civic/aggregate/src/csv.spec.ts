import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvOf } from './csv';

/** Written against RFC 4180 and apart from the code. */
const read = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = [[]];
  let [cell, isQuoted] = ['', false];
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (isQuoted && char === '"' && text.charAt(i + 1) === '"') ((cell += '"'), (i += 1));
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && char === ',') (rows.at(-1)?.push(cell), (cell = ''));
    else if (!isQuoted && char === '\r' && text.charAt(i + 1) === '\n') (rows.at(-1)?.push(cell), rows.push([]), (cell = ''), (i += 1));
    else cell += char;
  }
  return rows.slice(0, -1);
};

describe('a table as CSV', () => {
  it('has a header row, and lines that end as RFC 4180 says', () => {
    expect(
      csvOf(
        ['unit', 'fen'],
        [
          ['Water', 5],
          ['Roads', null],
        ],
      ),
    ).toBe('unit,fen\r\nWater,5\r\nRoads,\r\n');
    expect(csvOf(['unit'], [])).toBe('unit\r\n');
  });
  it('gives back whatever was put into it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (rows) => {
        const plain = rows.map((row) => row.map((text) => `.${text}`));
        expect(read(csvOf(['a', 'b'], plain)).slice(1)).toEqual(plain);
      }),
    );
  });
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠x'])('disarms %j, which a spreadsheet would calculate', (text) => {
    expect(read(csvOf(['a'], [[text]]))[1]).toEqual([`'${text}`]);
  });
  it('leaves numbers alone, those below zero too', () => {
    expect(csvOf(['fen'], [[-5]])).toBe('fen\r\n-5\r\n');
  });
});
