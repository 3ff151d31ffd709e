import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openText, sealedBy, sealText, sealWord } from './sealed-text';
import type { SubjectKey } from './subject-keys';

const newKey = (): SubjectKey => ({ keyId: randomBytes(16).toString('hex'), secret: randomBytes(32) });
const key = newKey();
const sealed = sealText(key, 'contact', '王秀英 13800000000');

describe('a sealed text', () => {
  it('opens to what was written, whatever the script', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.endsWith('\0')),
        (text) => expect(openText(key, 'comment', sealText(key, 'comment', text))).toBe(text),
      ),
    );
  });

  it('says under whose key it is and nothing of what it holds', () => {
    expect(sealedBy(sealed)).toBe(key.keyId);
    expect(sealed).not.toMatch(/王|138/);
    expect(Buffer.from(sealed.split(':')[3] ?? '', 'base64url').includes('138')).toBe(false);
  });

  it('is the same for the same words of one person in one field, and another for all else', () => {
    expect(sealText(key, 'contact', '王秀英 13800000000')).toBe(sealed);
    const others = [
      sealText(key, 'contact', '王秀英 13800000001'),
      sealText(key, 'comment', '王秀英 13800000000'),
      sealText(newKey(), 'contact', 'x'),
    ];
    expect(new Set([sealed, ...others].map((text) => text.split(':')[3])).size).toBe(4);
  });

  it('opens neither under another key, nor in another field, nor with one bit changed', () => {
    expect(openText(newKey(), 'contact', sealed)).toBeNull();
    expect(openText({ ...newKey(), keyId: key.keyId }, 'contact', sealed)).toBeNull();
    expect(openText(key, 'description', sealed)).toBeNull();
    const [head, bytes] = [sealed.slice(0, sealed.lastIndexOf(':') + 1), Buffer.from(sealed.split(':')[3] ?? '', 'base64url')];
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(openText(key, 'contact', `${head}${changed.toString('base64url')}`)).toBeNull();
    }
  });

  it('of a word is of one length, opens like any other, and is the same for one occasion only', () => {
    const words = ['agree', 'disagree', 'abstain'];
    const all = words.flatMap((word) => ['a', 'b'].map((occasion) => sealWord(key, 'choice', word, occasion)));
    expect([new Set(all).size, new Set(all.map(({ length }) => length)).size]).toEqual([6, 1]);
    expect(all.map((text) => openText(key, 'choice', text))).toEqual(words.flatMap((word) => [word, word]));
    expect(sealWord(key, 'choice', 'agree', 'a')).toBe(all[0]);
  });

  it('is told from text that only looks like one', () => {
    for (const text of ['', 'sealed:v1:', 'sealed:v1:abc:x', `sealed:v2:${key.keyId}:AAAA`, `${sealed} `, `x${sealed}`])
      expect(sealedBy(text)).toBeNull();
    expect(openText(key, 'contact', `sealed:v1:${key.keyId}:AAAA`)).toBeNull();
  });
});
