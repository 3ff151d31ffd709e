import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAULT_SOUGHT_MAX, isTooDeep, NESTING_MAX, jsonFault, parseJson } from './bounded-json';

const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0);

describe('JSON from outside', () => {
  it.each(['[', '{"a":', '[{"a":', '["\\"",', '[[]],['])('is not parsed when it nests 20,000 deep: %s…', (open) => {
    expect(parseJson(open.repeat(20_000))).toEqual({ ok: false, why: 'nested too deep' });
    expect(isTooDeep(Buffer.from(open.repeat(20_000)))).toBe(true);
  });

  it('is not taken for deep by the brackets in its texts', () => {
    const text = JSON.stringify({ a: '[{'.repeat(10_000), b: '"\\[[['.repeat(1_000), '[[[[': '\\' });
    expect(isTooDeep(text)).toBe(false);
    expect(parseJson(text)).toMatchObject({ ok: true });
  });

  it('may nest as deep as the bound, as text and as bytes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(NESTING_MAX + 2), (value, wraps) => {
        let wrapped: unknown = value;
        for (let i = 0; i < wraps; i += 1) wrapped = i % 2 === 0 ? [wrapped] : { a: wrapped };
        const text = JSON.stringify(wrapped);
        const deep = depthOf(JSON.parse(text)) > NESTING_MAX;
        expect([isTooDeep(text), isTooDeep(Buffer.from(text))]).toEqual([deep, deep]);
      }),
      { numRuns: 500 },
    );
  });

  it('that is none is said to be none', () => {
    for (const text of ['', 'x', '{"a":1', '\u0000', 'NaN', '{a:1}']) expect(parseJson(text)).toEqual({ ok: false, why: 'not JSON' });
  });

  it.each([
    ['', 'empty'],
    ['{"a":1', 'ends too early, behind character 6'],
    ['{"a":"b', 'ends too early, behind character 7'],
    ['[1,-', 'ends too early, behind character 4'],
    ['[tru', 'ends too early, behind character 4'],
    ['{"a":x}', 'character 6'],
    ['{"phone":"139","a" 1}', 'character 20'],
    ["{'a':1}", 'character 2'],
    ['{"a":1}}', 'character 8'],
    ['{"a":1,}', 'character 8'],
    ['["a\nb"]', 'character 4'],
    ['[truf]', 'character 5'],
  ])('says where %j is none, and nothing of what it says', (text, where) => expect(jsonFault(text)).toBe(`not JSON: ${where}`));

  it('says of a long text where it is none near the beginning, and else that it is behind that', () => {
    const long = 'a'.repeat(1_000_000);
    expect(jsonFault(`[1,,"${long}"]`)).toBe('not JSON: character 4');
    expect(jsonFault(`["${long}"`)).toBe(`not JSON: somewhere behind character ${FAULT_SOUGHT_MAX}`);
  });
});
