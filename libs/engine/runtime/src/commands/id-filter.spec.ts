import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IdFilter } from './id-filter';

describe('the filter of ids', () => {
  it('never denies an id that was added', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 300 }), (ids) => {
        const filter = new IdFilter(300);
        for (const id of ids) filter.add(id);
        return ids.every((id) => filter.mayHold(id));
      }),
    );
  });

  it('takes fewer than one in 500 others for one of its own when it is full', () => {
    const filter = new IdFilter(20_000);
    for (let i = 0; i < 20_000; i += 1) filter.add(`need-${i}`);
    const wrong = Array.from({ length: 50_000 }, (_, i) => `other-${i}`).filter((id) => filter.mayHold(id)).length;
    expect(wrong).toBeLessThan(100);
  });

  it('says when it holds more than it was made for', () => {
    const filter = new IdFilter(10);
    for (let i = 0; i < 10; i += 1) filter.add(`${i}`);
    expect(filter.isFull).toBe(false);
    filter.add('one more');
    expect(filter.isFull).toBe(true);
  });
});
