import { Decompress } from 'fzstd';
import { BadBytes } from './byte-reader';

const MAGIC = 0xfd2fb528;
/** Above the window of every usual level (8 MB at 19); what it takes is allocated before anything is unpacked. */
const WINDOW_MAX = 16 * 1024 * 1024;

/** One Zstandard frame (RFC 8878); `BadBytes` when it is none, wants a larger window, or holds more than `bytesMax`. */
export const unpackZstd = (frame: Buffer, bytesMax: number): Buffer => {
  if (windowOf(frame) > WINDOW_MAX) throw new BadBytes('zstd: wants too large a window');
  if (!endsWithItsFrame(frame)) throw new BadBytes('zstd: is not one frame');
  const chunks: Buffer[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > bytesMax) throw new BadBytes('zstd: holds too much');
    chunks.push(Buffer.from(chunk));
  });
  try {
    stream.push(frame, true);
  } catch (error) {
    throw error instanceof BadBytes ? error : new BadBytes('zstd: cannot be unpacked');
  }
  return Buffer.concat(chunks);
};

interface FrameHeader {
  readonly blocksFrom: number;
  readonly window: number;
  readonly hasChecksum: boolean;
}

/** RFC 8878, section 3.1.1.1. */
const headerOf = (frame: Buffer): FrameHeader => {
  if (frame.length < 6 || frame.readUInt32LE(0) !== MAGIC) throw new BadBytes('zstd: no frame');
  const descriptor = frame[4] as number;
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const sizeFrom = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  if (frame.length < sizeFrom + sizeBytes) throw new BadBytes('zstd: cut off');
  const window = isSingleSegment ? sizeAt(frame, sizeFrom, sizeBytes) : windowFrom(frame[5] as number);
  return { blocksFrom: sizeFrom + sizeBytes, window, hasChecksum: (descriptor & 0b100) !== 0 };
};

const windowOf = (frame: Buffer): number => headerOf(frame).window;

const windowFrom = (byte: number): number => {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
};

const sizeAt = (frame: Buffer, at: number, bytes: number): number => {
  if (bytes === 8) return Number(frame.readBigUInt64LE(at));
  return frame.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
};

/** A second frame could want any window; producers write one. */
const endsWithItsFrame = (frame: Buffer): boolean => {
  const { blocksFrom, hasChecksum } = headerOf(frame);
  for (let at = blocksFrom; at + 3 <= frame.length;) {
    const header = frame.readUIntLE(at, 3);
    const isRunLength = ((header >> 1) & 3) === 1;
    at += 3 + (isRunLength ? 1 : header >> 3);
    if ((header & 1) === 1) return at + (hasChecksum ? 4 : 0) === frame.length;
  }
  return false;
};
