import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { behindDay, readSpokenNumber, spokenNumberCode, spokenNumberOf, spokenNumberStart } from './spoken-number';

const AT = '2024-07-01T00:30:00.000+08:00';
const some = fc.string({ minLength: 1 }).map((id) => spokenNumberOf(id, AT));

describe('a number that people can say', () => {
  it('has the day, six letters or digits and one to check them', () => {
    expect(spokenNumberOf('n1', AT)).toMatch(/^240701-[2-9A-HJKMNPRTXY]{6}-[2-9A-HJKMNPRTXY]$/);
    expect(spokenNumberOf('n1', AT)).toBe(spokenNumberOf('n1', AT));
    expect(spokenNumberOf('n1', AT)).not.toBe(spokenNumberOf('n2', AT));
  });

  it('is read as people write it', () => {
    fc.assert(
      fc.property(some, (number) => {
        const wide = [...number].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('');
        const written = [number, number.toLowerCase(), number.replaceAll('-', ''), number.replaceAll('-', ' '), ` ${number} `, wide];
        expect(written.map(readSpokenNumber)).toEqual(written.map(() => number));
      }),
    );
  });

  it('with one character changed, or two neighbours swapped, is no number', () => {
    const place = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14);
    fc.assert(
      fc.property(some, place, fc.constantFrom(...'0123456789ACDEFHJKMNPRTXY'), (number, i, char) => {
        fc.pre(number[i] !== char);
        expect(readSpokenNumber(number.slice(0, i) + char + number.slice(i + 1))).toBeNull();
      }),
    );
    fc.assert(
      fc.property(some, fc.nat({ max: 10 }), (number, i) => {
        const plain = number.replaceAll('-', '');
        const [one, other] = [plain.charAt(i), plain.charAt(i + 1)];
        fc.pre(one !== other && i !== 5);
        expect(readSpokenNumber(plain.slice(0, i) + other + one + plain.slice(i + 2))).toBeNull();
      }),
    );
  });

  it('is known by its beginning, from the day on', () => {
    expect(['240701', '240701-7k', '2407017K3M9PN', '２４０７０１'].map(spokenNumberStart)).toEqual([
      '240701',
      '240701-7K',
      '240701-7K3M9P-N',
      '240701',
    ]);
    expect(['24070', '7K3M9P', '240701-B', '灯', '', '2407017K3M9PNN'].map(spokenNumberStart)).toEqual(Array(6).fill(null));
  });

  it('is not found in anything else', () => {
    expect(['', 'n1', '240701-7K3M9P', '240701-7K3M0P-X', '4'.repeat(13)].map(readSpokenNumber)).toEqual([null, null, null, null, null]);
  });

  it('is known by its letters too, with or without the check letter, and by no fewer', () => {
    expect(['7k3m9p', '7K3M9P-N', '7k3m9pn', '７Ｋ３Ｍ９Ｐ'].map(spokenNumberCode)).toEqual(['7K3M9P', '7K3M9P-N', '7K3M9P-N', '7K3M9P']);
    expect(['7K3M9', '7K3M9PNN', '7K3M9B', '240701', '240701-7K3M9P', '路灯', ''].map(spokenNumberCode)).toEqual(Array(7).fill(null));
    expect(behindDay('240701-7K3M9P-N')).toBe('7K3M9P-N');
  });
});
