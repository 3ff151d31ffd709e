import { describe, expect, it } from '@jest/globals';
import { firstAlike, readAs } from './alike';

describe('what reads alike', () => {
  it.each([
    ['3-2-101', '３－２－１０１'],
    ['3-2-101', '3–2—101'],
    ['3-2-101', '3‐2−101'],
    ['A101', 'a101'],
    ['A101', 'Ａ１０１'],
    ['101', ' 1\u200b01\ufeff '],
    ['3单元 101', '3单元101'],
    ['\u00e9', 'e\u0301'],
  ])('is alike: %j and %j', (one, other) => {
    expect(readAs(one)).toBe(readAs(other));
    expect(firstAlike(['x', one, other])).toEqual([one, other]);
  });
  it.each([
    ['101', '102'],
    ['3-2-101', '32101'],
    ['3-2-101', '3-21-01'],
    ['3单元101', '4单元101'],
  ])('is not all: %j and %j', (one, other) => {
    expect(firstAlike([one, other])).toBeNull();
  });
});
