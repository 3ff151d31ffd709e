import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Routes } from '../http/routes';
import { decodeCursor, encodeCursor } from './cursor';
import { filterOf, listQuery, mentions } from './list-query';

const NOW = '2026-11-23T08:00:00.000+08:00';

describe('the list of needs', () => {
  it('gives back what it put into a cursor', () => {
    const cursor = { createdAt: NOW, needId: '0123456789abcdefghjkmnpqrs' };
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/);
  });

  it('never throws on a cursor from outside', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(() => decodeCursor(text)).not.toThrow()));
    expect(decodeCursor(Buffer.from('{"$gt":""}').toString('base64url'))).toBeNull();
  });

  it('looks for q as it is written, whatever signs are in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), (q) => {
        expect(mentions([null, `before ${q} after`], q)).toBe(true);
        expect(mentions([null, '。'], `${q}!`)).toBe(false);
      }),
    );
  });

  it('finds full-width for half-width, large for small, and the other way round', () => {
    for (const [text, q] of [
      ['３号楼ＡＢＣ', '3号楼abc'],
      ['3号楼abc', '３号楼ＡＢＣ'],
      ['扶手１２㎡', '12m2'],
      ['ｶﾞﾗｽ', 'ガラス'],
    ] as const)
      expect([text, mentions([text], q)]).toEqual([text, true]);
  });

  it('asks for nothing in particular without filters', () => {
    expect(filterOf(listQuery.parse({}), NOW)).toEqual({});
  });

  it('knows the methods of a path from the documented paths', () => {
    const routes = new Routes({ '/v1/needs/{needId}': { get: {} }, '/openapi.json': { get: {} }, '/v1/needs': { get: {}, post: {} } });
    expect(routes.methodsOf('/v1/needs')).toEqual(['GET', 'POST']);
    expect(routes.methodsOf('/v1/needs/abc/')).toEqual(['GET']);
    expect(routes.methodsOf('/openapiXjson')).toEqual([]);
  });
});
