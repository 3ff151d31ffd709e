import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive, whose content comes piece by piece. */
export interface ZippedFile {
  /** ASCII, with `/` between folders. */
  readonly name: string;
  readonly content: AsyncIterable<string> | Iterable<string>;
}

/** Where a file lies, and what came of its content. */
interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

const DEFLATED = 8;
/** Checksum and sizes come behind the content, which nobody knows before it has gone by. */
const SIZES_BEHIND = 0b1000;
const VERSION = 20;
/** 1980-01-01: the same content gives the same archive. */
const NO_DATE = 0x0021_0000;
const BYTES_MAX = 0xffff_ffff;

/** A ZIP archive as a stream, of less than 4 GB; of a file there is never more than a piece in memory. */
export async function* zipStream(files: Iterable<ZippedFile>): AsyncGenerator<Buffer> {
  const entries: Entry[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const header = localHeader(Buffer.from(name));
    yield header;
    const counts = { crc: 0, bytes: 0 };
    let packedBytes = 0;
    for await (const packed of deflated(content, counts)) {
      packedBytes += packed.length;
      yield packed;
    }
    const entry = { name: Buffer.from(name), offset, packedBytes, ...counts };
    const sizes = sizesOf(entry);
    yield sizes;
    entries.push(entry);
    offset += header.length + packedBytes + sizes.length;
    if (offset > BYTES_MAX || counts.bytes > BYTES_MAX) throw new Error('an archive of this form ends at 4 GB');
  }
  const directory = Buffer.concat(entries.map(directoryEntry));
  yield directory;
  yield endOf(entries.length, directory.length, offset);
}

const deflated = (content: ZippedFile['content'], counts: { crc: number; bytes: number }): AsyncIterable<Buffer> =>
  pipeline(Readable.from(counted(content, counts), { objectMode: false }), createDeflateRaw(), () => undefined);

async function* counted(content: ZippedFile['content'], counts: { crc: number; bytes: number }): AsyncGenerator<Buffer> {
  for await (const part of content) {
    const bytes = Buffer.from(part);
    counts.crc = crc32(bytes, counts.crc);
    counts.bytes += bytes.length;
    yield bytes;
  }
}

const u16 = (n: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(n);
  return bytes;
};
const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n);
  return bytes;
};

const localHeader = (name: Buffer): Buffer =>
  Buffer.concat([
    u32(0x0403_4b50),
    u16(VERSION),
    u16(SIZES_BEHIND),
    u16(DEFLATED),
    u32(NO_DATE),
    u32(0),
    u32(0),
    u32(0),
    u16(name.length),
    u16(0),
    name,
  ]);

const sizesOf = ({ crc, packedBytes, bytes }: Entry): Buffer => Buffer.concat([u32(0x0807_4b50), u32(crc), u32(packedBytes), u32(bytes)]);

const directoryEntry = ({ name, offset, crc, packedBytes, bytes }: Entry): Buffer =>
  Buffer.concat([
    ...[u32(0x0201_4b50), u16(VERSION), u16(VERSION), u16(SIZES_BEHIND), u16(DEFLATED), u32(NO_DATE), u32(crc), u32(packedBytes), u32(bytes)],
    ...[u16(name.length), u16(0), u16(0), u16(0), u16(0), u32(0), u32(offset), name],
  ]);

const endOf = (files: number, bytes: number, offset: number): Buffer =>
  Buffer.concat([u32(0x0605_4b50), u16(0), u16(0), u16(files), u16(files), u32(bytes), u32(offset), u16(0)]);
