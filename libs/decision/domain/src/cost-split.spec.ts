import { describe, expect, it } from '@jest/globals';
import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import fc from 'fast-check';
import { AREA_CM2_MAX, splitCost } from './index';

const weights = fc
  .array(fc.integer({ min: 0, max: AREA_CM2_MAX }), { minLength: 1, maxLength: 40 })
  .map((all) => all.map((weight, i) => ({ room: `${i % 7}-${i}`, weight })))
  .filter((all) => all.some(({ weight }) => weight > 0));

describe('a cost that rooms share', () => {
  it('sums to the fen, and is nobody’s by more than a fen, whatever the rooms and their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: AMOUNT_FEN_MAX }), weights, fc.nat(), (total, rooms, turn) => {
        const split = splitCost(total, rooms);
        expect([...split.values()].reduce((sum, fen) => sum + BigInt(fen), 0n)).toBe(BigInt(total));
        const whole = rooms.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
        for (const { room, weight } of rooms) {
          const fair = (BigInt(total) * BigInt(weight)) / whole;
          expect(BigInt(split.get(room) ?? -1) - fair).toBeGreaterThanOrEqual(0n);
          expect(BigInt(split.get(room) ?? -1) - fair).toBeLessThanOrEqual(1n);
        }
        const at = turn % rooms.length;
        const turned = [...rooms.slice(at), ...rooms.slice(0, at)].toReversed();
        expect([...splitCost(total, turned)].sort()).toEqual([...split].sort());
      }),
      { numRuns: 2_000, seed: 20_240_708 },
    );
  });
  it('gives what is left to the largest remainders, and among equal ones to the first by name', () => {
    const rooms = ['101', '102', '103'].map((room) => ({ room, weight: 1 }));
    expect(splitCost(100, rooms)).toEqual(new Map([['101', 34], ['102', 33], ['103', 33]])); // prettier-ignore
    expect(splitCost(10, [{ room: 'a', weight: 1 }, { room: 'b', weight: 2 }])).toEqual(new Map([['a', 3], ['b', 7]])); // prettier-ignore
  });
  it('is nothing for whoever has no part in it', () => {
    expect(splitCost(7, [{ room: 'a', weight: 0 }, { room: 'b', weight: 3 }])).toEqual(new Map([['b', 7], ['a', 0]])); // prettier-ignore
    expect(splitCost(7, [{ room: 'a', weight: 0 }])).toEqual(new Map([['a', 0]]));
  });
});
