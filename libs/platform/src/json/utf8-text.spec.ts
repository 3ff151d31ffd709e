import { describe, expect, it } from '@jest/globals';
import { parseJson } from './bounded-json';
import { NotUtf8, utf8TextOf } from './utf8-text';

describe('a text file', () => {
  it('is taken with or without the mark of a Windows editor', () => {
    for (const mark of ['', '\ufeff']) expect(utf8TextOf(Buffer.from(`${mark}{"a":1}`, 'utf8'), 'x')).toBe('{"a":1}');
  });

  it('in GBK is refused by name, and never becomes other words', () => {
    const gbk = Buffer.from([0x7b, 0x22, 0xb7, 0xf6, 0xca, 0xd6, 0x22, 0x7d]); // {"扶手"}
    expect(() => utf8TextOf(gbk, 'needs.json')).toThrow(NotUtf8);
    expect(() => utf8TextOf(gbk, 'needs.json')).toThrow(/^needs\.json is not UTF-8/);
  });

  it('keeps the same mark anywhere else', () => {
    expect(utf8TextOf(Buffer.from('a\ufeffb', 'utf8'), 'x')).toBe('a\ufeffb');
  });
});

it('a message that begins with that mark is read like any other', () => {
  expect(parseJson('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
});
