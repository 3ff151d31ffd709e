import { gzipSync } from 'node:zlib';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';

/** Record batches as a producer makes them, by hand: https://kafka.apache.org/documentation/#recordbatch. Checksums are left at 0. */
export interface TestRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: readonly (readonly [string, string | null])[];
}

export interface BatchShape {
  readonly codec?: number;
  readonly pack?: (records: Buffer) => Buffer;
  readonly attributes?: number;
  readonly firstTimestamp?: bigint;
  readonly maxTimestamp?: bigint;
  readonly lastOffsetDelta?: number;
}

const unsigned = (value: number): Buffer => {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
};
/** Zigzag. */
const varint = (value: number): Buffer => unsigned(value < 0 ? -2 * value - 1 : 2 * value);

const sized = (content: string | Buffer | null): Buffer => {
  if (content === null) return varint(-1);
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(bytes.length), bytes]);
};

const recordOf = ({ key, value, headers = [] }: TestRecord, index: number): Buffer => {
  const content = [sized(key), sized(value), varint(headers.length), ...headers.flatMap(([name, text]) => [sized(name), sized(text)])];
  const bytes = Buffer.concat([Buffer.from([0]), varint(0), varint(index), ...content]);
  return Buffer.concat([varint(bytes.length), bytes]);
};

export const batchOf = (baseOffset: bigint, records: readonly TestRecord[], shape: BatchShape = {}): Buffer => {
  const { codec = 0, pack = (bytes) => bytes, attributes = 0, firstTimestamp = 0n, maxTimestamp = 0n } = shape;
  const packed = pack(Buffer.concat(records.map(recordOf)));
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(baseOffset, 0);
  header.writeInt32BE(49 + packed.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(codec | attributes, 21);
  header.writeInt32BE(shape.lastOffsetDelta ?? records.length - 1, 23);
  header.writeBigInt64BE(firstTimestamp, 27);
  header.writeBigInt64BE(maxTimestamp, 35);
  header.writeBigInt64BE(-1n, 43);
  header.writeInt16BE(-1, 51);
  header.writeInt32BE(-1, 53);
  header.writeInt32BE(records.length, 57);
  return Buffer.concat([header, packed]);
};

const LZ4_BLOCK = 64 * 1024;

/** An LZ4 frame: a block that is one repeated byte becomes a copy, any other stays as it is. */
export const lz4Of = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])];
  for (let at = 0; at < bytes.length; at += LZ4_BLOCK) {
    const block = bytes.subarray(at, at + LZ4_BLOCK);
    const isOneByte = block.length > 64 && block.every((byte) => byte === block[0]);
    const content = isOneByte ? repeated(block[0] as number, block.length) : block;
    const size = Buffer.alloc(4);
    size.writeUInt32LE(isOneByte ? content.length : (content.length | 0x80000000) >>> 0);
    parts.push(size, content);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
};

/** One literal, a copy of it at distance 1, and five literals at the end, as the format wants them. */
const repeated = (byte: number, count: number): Buffer => {
  let more = count - 1 - 5 - 4 - 15;
  const lengths: number[] = [];
  for (; more >= 255; more -= 255) lengths.push(255);
  return Buffer.from([0x1f, byte, 1, 0, ...lengths, more, 0x50, byte, byte, byte, byte, byte]);
};

const ZSTD_BLOCK = 128 * 1024;

/** A Zstandard frame of blocks that are one repeated byte, or as they are. */
export const zstdOf = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]; // window of 128 KB
  for (let at = 0; at < bytes.length; at += ZSTD_BLOCK) {
    const block = bytes.subarray(at, at + ZSTD_BLOCK);
    const isOneByte = block.every((byte) => byte === block[0]);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isOneByte ? 2 : 0) | (at + ZSTD_BLOCK >= bytes.length ? 1 : 0), 0, 3);
    parts.push(header, isOneByte ? block.subarray(0, 1) : block);
  }
  return Buffer.concat(parts);
};

const SNAPPY_LITERAL = 60_000;

/** A Snappy block of literals only. */
export const snappyOf = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [unsigned(bytes.length)];
  for (let at = 0; at < bytes.length; at += SNAPPY_LITERAL) {
    const literal = bytes.subarray(at, at + SNAPPY_LITERAL);
    const tag = Buffer.from([61 << 2, (literal.length - 1) & 0xff, (literal.length - 1) >> 8]);
    parts.push(tag, literal);
  }
  return Buffer.concat(parts);
};

type Packed = Exclude<CompressionTypes, CompressionTypes.None>;
export const PACKERS: readonly (readonly [Packed, (bytes: Buffer) => Buffer])[] = [
  [CompressionTypes.GZIP, (bytes) => gzipSync(bytes)],
  [CompressionTypes.Snappy, snappyOf],
  [CompressionTypes.LZ4, lz4Of],
  [CompressionTypes.ZSTD, zstdOf],
];

/** Has the producers of this process pack with every codec; kafkajs knows one. */
export const installPackers = (): void => {
  for (const [type, pack] of PACKERS) {
    CompressionCodecs[type] = () => ({ compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(pack(buffer)) });
  }
};
