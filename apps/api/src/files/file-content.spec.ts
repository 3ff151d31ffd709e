import { describe, expect, it } from '@jest/globals';
import { fileTypeOf } from './file-content';

/** The beginning of a file of this brand, compatible with those. */
const heif = (major: string, ...compatible: readonly string[]): Buffer => {
  const brands = Buffer.from([major, '\0\0\0\0', ...compatible].join(''), 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(brands.length + 8);
  head.write('ftyp', 4, 'latin1');
  return Buffer.concat([head, brands, Buffer.from('\0\0\0\x08free', 'latin1')]);
};
const PDF = '%PDF-1.7\n1 0 obj << >> endobj\n%%EOF';

describe('what a file is', () => {
  it.each([
    ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].map((brand) => [brand, [] as string[]] as const),
    ['mif1', ['heic', 'miaf']] as const,
    ['msf1', ['hevc', 'iso8']] as const,
    ['XXXX', ['mif1', 'heix']] as const,
  ])('a photo of brand %s, compatible with %j, is HEIC', async (major, compatible) => {
    expect(await fileTypeOf(heif(major, ...compatible))).toBe('image/heic');
  });

  it.each([['avif', ['mif1', 'miaf']] as const, ['mif1', ['avif']] as const, ['isom', ['mp42']] as const, ['qt  ', []] as const])(
    '%s, compatible with %j, is none',
    async (major, compatible) => {
      expect(await fileTypeOf(heif(major, ...compatible))).toBeNull();
    },
  );

  it('a box that says to be longer than the file is read as far as it goes', async () => {
    const cut = heif('mif1', 'heic');
    cut.writeUInt32BE(0xffffffff);
    expect(await fileTypeOf(cut)).toBe('image/heic');
    expect(await fileTypeOf(cut.subarray(0, 10))).toBeNull();
  });

  it.each([0, 1, 500, 1_023])('a PDF behind %d other bytes is one', async (before) => {
    expect(await fileTypeOf(Buffer.from(`${'\n'.repeat(before)}${PDF}`))).toBe('application/pdf');
  });

  it('what begins later is none, and neither is an archive or a program with a PDF in it', async () => {
    expect(await fileTypeOf(Buffer.from(`${'\n'.repeat(1_024)}${PDF}`))).toBeNull();
    expect(await fileTypeOf(Buffer.concat([Buffer.from('504b0304140000000000', 'hex'), Buffer.from(PDF)]))).toBeNull();
    expect(await fileTypeOf(Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(60), Buffer.from(PDF)]))).toBeNull();
  });
});
