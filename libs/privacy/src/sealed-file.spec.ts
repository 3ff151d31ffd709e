import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openFile, sealFile } from './sealed-file';
import type { SubjectKey } from './subject-keys';

const newKey = (): SubjectKey => ({ keyId: randomBytes(16).toString('hex'), secret: randomBytes(32) });
const key = newKey();
const content = Buffer.from('王秀英 13800000000'.repeat(10));

describe('a sealed file', () => {
  it('opens to what was sealed, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 300 }), (bytes) => {
        const file = sealFile(key, 'n', Buffer.from(bytes));
        expect(openFile(key, file)?.equals(bytes)).toBe(true);
        expect(file.sealed.includes(Buffer.from(bytes))).toBe(false);
      }),
    );
  });

  it('has one id for the same content of the same person for the same need, and others for any other', () => {
    const { fileId } = sealFile(key, 'n', content);
    expect(fileId).toMatch(/^[0-9a-f]{64}$/);
    expect(sealFile(key, 'n', Buffer.from(content)).fileId).toBe(fileId);
    const others = [sealFile(key, 'm', content), sealFile(newKey(), 'n', content), sealFile(key, 'n', content.subarray(1))];
    expect(new Set([fileId, ...others.map((other) => other.fileId)]).size).toBe(4);
  });

  it('opens for no other key, as no other file, and not when one bit of it differs', () => {
    const file = sealFile(key, 'n', content);
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
