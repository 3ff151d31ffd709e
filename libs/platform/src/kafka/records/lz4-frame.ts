import { BadBytes } from './byte-reader';

const MAGIC = 0x184d2204;
const UNCOMPRESSED_BLOCK = 0x80000000;
const MIN_MATCH = 4;

/**
 * An LZ4 frame (version 1, the form that Kafka's producers write) as the bytes that it holds; `BadBytes` when it is none or holds more
 * than `bytesMax`. Checksums are not looked at: the batch around it has one, which the broker checks. Our own, because what is on npm
 * is native code or asks for no bound.
 */
export const unpackLz4 = (frame: Buffer, bytesMax: number): Buffer => {
  const { blocksFrom, hasBlockChecksum } = readHeader(frame);
  const out = new Output(bytesMax);
  let at = blocksFrom;
  for (;;) {
    if (at + 4 > frame.length) throw new BadBytes('lz4: cut off');
    const size = frame.readUInt32LE(at);
    at += 4;
    if (size === 0) return out.bytes();
    const length = size & ~UNCOMPRESSED_BLOCK;
    const block = frame.subarray(at, at + length);
    if (block.length < length) throw new BadBytes('lz4: cut off');
    if (size >= UNCOMPRESSED_BLOCK) out.append(block);
    else unpackBlock(block, out);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
};

const readHeader = (frame: Buffer): { readonly blocksFrom: number; readonly hasBlockChecksum: boolean } => {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new BadBytes('lz4: no frame');
  const flags = frame[4] as number;
  if (flags >> 6 !== 1 || (flags & 1) !== 0) throw new BadBytes('lz4: another version, or a dictionary');
  const hasContentSize = (flags & 0b1000) !== 0;
  return { blocksFrom: 7 + (hasContentSize ? 8 : 0), hasBlockChecksum: (flags & 0b1_0000) !== 0 };
};

/** Sequences of literals and of copies from what was unpacked before, which may reach into earlier blocks. */
const unpackBlock = (block: Buffer, out: Output): void => {
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    if (nibble !== 15) return length;
    for (;;) {
      const more = block[at++];
      if (more === undefined) throw new BadBytes('lz4: cut off');
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at++] as number;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw new BadBytes('lz4: cut off');
    out.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    if (at + 2 > block.length) throw new BadBytes('lz4: cut off');
    const distance = block.readUInt16LE(at);
    at += 2;
    out.repeat(distance, lengthFrom(token & 15) + MIN_MATCH);
  }
};

/** Grows with what is written, up to a bound. */
class Output {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;

  constructor(private readonly max: number) {}

  append(bytes: Buffer): void {
    this.reserve(bytes.length);
    bytes.copy(this.buffer, this.length);
    this.length += bytes.length;
  }

  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new BadBytes('lz4: copies from before its beginning');
    this.reserve(count);
    const end = this.length + count;
    for (let at = this.length; at < end; at += 1) this.buffer[at] = this.buffer[at - distance] as number;
    this.length = end;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted > this.max) throw new BadBytes('lz4: holds too much');
    if (wanted <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.max, Math.max(wanted, 2 * this.buffer.length)));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}
