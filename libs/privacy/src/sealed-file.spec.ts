import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileIdOf, openFile, sealFile } from './sealed-file';
import type { SubjectKey } from './subject-keys';

const newKey = (): SubjectKey => ({ keyId: randomBytes(16).toString('hex'), secret: randomBytes(32) });
const key = newKey();
const content = Buffer.from('王秀英 13800000000'.repeat(10));
const fileId = fileIdOf(key, 'n', content);

describe('a sealed file', () => {
  it('opens to what was sealed, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 300 }), (bytes) => {
        const file = sealFile(key, fileId, Buffer.from(bytes));
        expect(openFile(key, file)?.equals(bytes)).toBe(true);
        expect(file.sealed.includes(Buffer.from(bytes))).toBe(false);
      }),
    );
  });

  it('has one id for the same content of the same person for the same need, and others for any other', () => {
    expect(fileId).toMatch(/^[0-9a-f]{64}$/);
    expect(fileIdOf(key, 'n', Buffer.from(content))).toBe(fileId);
    const others = [fileIdOf(key, 'm', content), fileIdOf(newKey(), 'n', content), fileIdOf(key, 'n', content.subarray(1))];
    expect(new Set([fileId, ...others]).size).toBe(4);
  });

  it('is never sealed twice under one nonce, whatever is kept of it: two of one would tell what they differ in', () => {
    const nonces = [content, content, content.subarray(1)].map((kept) => sealFile(key, fileId, kept).sealed.toString('hex', 0, 12));
    expect(new Set(nonces).size).toBe(3);
  });

  it('opens for no other key, as no other file, and not when one bit of it differs', () => {
    const file = sealFile(key, fileId, content);
    expect(openFile(newKey(), file)).toBeNull();
    expect(openFile(key, { ...file, fileId: '0'.repeat(64) })).toBeNull();
    for (let at = 0; at < file.sealed.length; at += 7) {
      const changed = Buffer.from(file.sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(openFile(key, { ...file, sealed: changed })).toBeNull();
    }
    expect(openFile(key, { ...file, sealed: file.sealed.subarray(0, 20) })).toBeNull();
  });
});
