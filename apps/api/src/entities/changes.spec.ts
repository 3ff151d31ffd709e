import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesBetween, type Change } from './changes';

describe('changes between two states', () => {
  it('name each value that differs, in lists by its place', () => {
    const before = { stage: 'claimed', unit: 'Water', funding: [{ amountFen: 1 }], deadlines: { fundBy: 'x', doneBy: null } };
    const after = { stage: 'funded', unit: 'Water', funding: [{ amountFen: 2 }, { amountFen: 5 }], deadlines: { fundBy: null, doneBy: 'y' } };
    expect(changesBetween(before, after)).toEqual([
      { path: 'deadlines.doneBy', before: null, after: 'y' },
      { path: 'deadlines.fundBy', before: 'x', after: null },
      { path: 'funding.0.amountFen', before: 1, after: 2 },
      { path: 'funding.1', before: null, after: { amountFen: 5 } },
      { path: 'stage', before: 'claimed', after: 'funded' },
    ]);
  });

  it('are none between equals, whatever they hold, and never touch what an object inherits', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(changesBetween(value, structuredClone(value))).toEqual([])));
    expect(changesBetween({}, JSON.parse('{"__proto__": 1, "toString": 2}'))).toHaveLength(2);
  });

  it('turn round when before and after do', () => {
    const turned = ({ path, before, after }: Change): Change => ({ path, before: after, after: before });
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(changesBetween(b, a)).toEqual(changesBetween(a, b).map(turned));
      }),
    );
  });

  it('put places in the order of numbers', () => {
    const list = Array.from({ length: 12 }, (_, n) => n);
    expect(
      changesBetween(
        list,
        list.map((n) => n + 1),
      ).map(({ path }) => path),
    ).toEqual(list.map(String));
  });
});
