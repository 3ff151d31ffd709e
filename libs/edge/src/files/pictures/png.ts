import { crc32 } from 'node:zlib';
import { orientationIn, orientationOnly } from './exif';
import { Parts } from './parts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** What a picture needs to be shown as it was meant (PNG, third edition, section 11), animated ones too. */
const NEEDED: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'bKGD', 'hIST', 'pHYs', 'sPLT'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length and its checksum. */
  readonly bytes: Buffer;
}

/** Up to and without `IEND`; null when it is no whole PNG. Whatever lies behind its end is left out. Throws `TooManyParts`. */
const chunksOf = (png: Buffer): readonly Chunk[] | null => {
  const chunks: Chunk[] = [];
  const parts = new Parts();
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return null;
  for (let at = SIGNATURE.length; at + 12 <= png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    const type = png.subarray(at + 4, at + 8).toString('latin1');
    if (end > png.length) return null;
    if (type === 'IEND') return chunks[0]?.type === 'IHDR' && chunks.some((chunk) => chunk.type === 'IDAT') ? chunks : null;
    parts.one();
    chunks.push({ type, data: png.subarray(at + 8, end - 4), bytes: png.subarray(at, end) });
    at = end;
  }
  return null;
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
};

const joined = (chunks: readonly Chunk[], added: readonly Buffer[]): Buffer => {
  const [header, ...rest] = chunks.map(({ bytes }) => bytes);
  return Buffer.concat([SIGNATURE, ...(header === undefined ? [] : [header]), ...added, ...rest, chunk('IEND', Buffer.alloc(0))]);
};

export const cleanPng = (png: Buffer): Buffer | null => {
  const chunks = chunksOf(png);
  if (chunks === null) return null;
  const exif = chunks.find(({ type }) => type === 'eXIf');
  const orientation = exif === undefined ? null : orientationOnly(orientationIn(exif.data));
  return joined(
    chunks.filter(({ type }) => NEEDED.has(type)),
    orientation === null ? [] : [chunk('eXIf', orientation)],
  );
};

/** `mark` as its comment. */
export const markPng = (png: Buffer, mark: Buffer): Buffer => {
  const chunks = chunksOf(png);
  return chunks === null ? png : joined(chunks, [chunk('iTXt', Buffer.concat([Buffer.from('Comment\0\0\0\0\0', 'latin1'), mark]))]);
};
