import { describe, expect, it } from '@jest/globals';
import { FairLine } from './fair-line';

const BOUNDS = { all: 3, perKey: 2, waitingPerKey: 3 };

describe('a fair line', () => {
  const bench = () => {
    const line = new FairLine(BOUNDS);
    const begun: string[] = [];
    const enter = (name: string) => line.enter(name.charAt(0), () => begun.push(name));
    return { begun, enter };
  };

  it('lets others pass somebody who waits for a place of their own', () => {
    const { begun, enter } = bench();
    const [first] = ['a1', 'a2', 'a3', 'b1'].map(enter);
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    first?.();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('keeps to the order of arrival where all places are taken', () => {
    const { begun, enter } = bench();
    const [first, , third] = ['a1', 'a2', 'b1', 'c1', 'b2', 'd1'].map(enter);
    third?.();
    first?.();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'b2']);
  });

  it('turns away who has too many waiting, and forgets those who went', () => {
    const { begun, enter } = bench();
    const [first, second, third] = ['a1', 'a2', 'a3', 'a4', 'a5'].map(enter);
    expect(enter('a6')).toBeNull();
    third?.(); // its client has gone before it began
    expect(enter('a7')).not.toBeNull();
    first?.();
    first?.(); // again is no harm
    second?.();
    expect(begun).toEqual(['a1', 'a2', 'a4', 'a5']);
  });
});
