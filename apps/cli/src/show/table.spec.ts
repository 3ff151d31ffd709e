import { describe, expect, it } from '@jest/globals';
import { tableLines } from './table';
import { width } from './timeline';

describe('a table on a terminal', () => {
  it('stands in columns, Chinese letters counting for two', () => {
    expect(
      tableLines(
        ['编号', 'Need'],
        [
          ['1', '加装扶手'],
          [22, null],
        ],
      ),
    ).toEqual(['编号  Need', '1     加装扶手', '22    –']);
  });

  it('cuts what is too long, and no line begins in a cell', () => {
    const [, line = ''] = tableLines(['h'], [[`${'灯'.repeat(30)}\nmore`]]);
    expect(line).toBe(`${'灯'.repeat(21)}…`);
    expect(width(line)).toBeLessThanOrEqual(44);
  });
});
