import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeCursor, pageCursor } from './query-fields';

describe('a cursor', () => {
  it('gives back what was put into it', () => {
    const cursor = { at: '2026-11-23T08:00:00.000+08:00', id: '0123456789abcdefghjkmnpqrs' };
    expect(pageCursor.parse(encodeCursor(cursor))).toEqual(cursor);
    expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/);
  });

  it('from outside is never thrown at', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(() => pageCursor.safeParse(text)).not.toThrow()));
    expect(pageCursor.safeParse(Buffer.from('{"$gt":""}').toString('base64url')).success).toBe(false);
  });
});
