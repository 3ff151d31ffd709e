import { describe, expect, it } from '@jest/globals';
import { digestOf, fieldsThatDiffer } from './state-digest';

describe('the digest of a state', () => {
  it('is 8 hex for each field, whatever their order and that of what is in them', () => {
    const digest = digestOf({ lead: '民政局', helpers: [{ unit: 'a', since: 1 }] });
    expect(Object.keys(digest)).toEqual(['lead', 'helpers']);
    for (const hex of Object.values(digest)) expect(hex).toMatch(/^[0-9a-f]{8}$/);
    expect(digestOf({ helpers: [{ since: 1, unit: 'a' }], lead: '民政局' })).toEqual(digest);
  });

  it('is that of FNV-1a', () => {
    expect(digestOf(1)).toEqual({ '': '340ca71c' }); // of the text "1"
  });

  it('is the same for a state that was carried as JSON', () => {
    const state = { at: null, not: undefined, times: -0, nested: { gone: undefined, list: [1, 'a'] } };
    expect(digestOf(JSON.parse(JSON.stringify(state)))).toEqual(digestOf(state));
  });

  it.each([NaN, undefined, () => 1, 10n])('leaves out what has no JSON form: %p', (odd) => {
    expect(digestOf({ odd, good: 1 })).toEqual(digestOf({ good: 1 }));
  });

  it.each([[null], ['text'], [undefined], [[1, 2]]])('is there for a state that has no fields of its own: %j', (state) => {
    expect(() => digestOf(state)).not.toThrow();
  });
});

describe('two digests', () => {
  it('differ in the fields that both have', () => {
    expect(fieldsThatDiffer(digestOf({ lead: 'a', helpers: [] }), digestOf({ lead: 'b', helpers: [] }))).toEqual(['lead']);
  });

  it('do not differ in a field that one gained, lost, or has no value for', () => {
    const before = digestOf({ lead: 'a' });
    expect(fieldsThatDiffer(before, digestOf({ lead: 'a', joined: [] }))).toEqual([]);
    expect(fieldsThatDiffer(before, digestOf({}))).toEqual([]);
    expect(fieldsThatDiffer(before, digestOf({ lead: undefined }))).toEqual([]);
  });
});
