import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { BadBytes } from './byte-reader';
import { unpackLz4 } from './lz4-frame';
import { unpackSnappy } from './snappy-blocks';
import { unpackZstd } from './zstd-frame';

const unzipped = promisify(unzip);

/** By the lowest three bits of a batch's attributes. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** The records of a batch as they were before its codec. `BadBytes` when that cannot be, or when they are more than `bytesMax`. */
export const unpack = async (codec: Codec, bytes: Buffer, bytesMax: number): Promise<Buffer> => {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return unzipped(bytes, { maxOutputLength: bytesMax }).catch(() => {
        throw new BadBytes('gzip: cannot be unpacked, or holds too much');
      });
    case 'snappy':
      return unpackSnappy(bytes, bytesMax);
    case 'lz4':
      return unpackLz4(bytes, bytesMax);
    case 'zstd':
      return unpackZstd(bytes, bytesMax);
  }
};
