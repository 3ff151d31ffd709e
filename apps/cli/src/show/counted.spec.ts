import { describe, expect, it } from '@jest/globals';
import { counted } from './counted';

describe('a counted thing', () => {
  it.each([
    [0, '0 records'],
    [1, '1 record'],
    [2, '2 records'],
  ])('%i is told as it is spoken', (count, words) => expect(counted(count, 'record')).toBe(words));

  it('has a plural of its own where it needs one', () =>
    expect([counted(1, 'copy', 'copies'), counted(3, 'copy', 'copies')]).toEqual(['1 copy', '3 copies']));
});
