/// <reference path="./snappyjs.d.ts" />
import { uncompress } from 'snappyjs';
import { BadBytes } from './byte-reader';

/** How the streams of snappy-java begin, which is what Kafka's Java producers write; others write one bare block. */
const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const JAVA_HEADER_BYTES = 16;

/** `BadBytes` when it is no Snappy, or holds more than `bytesMax`: every block says first how much it holds. */
export const unpackSnappy = (bytes: Buffer, bytesMax: number): Buffer => {
  if (!bytes.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC)) return unpackBlock(bytes, bytesMax);
  const blocks: Buffer[] = [];
  let left = bytesMax;
  for (let at = JAVA_HEADER_BYTES; at < bytes.length;) {
    if (at + 4 > bytes.length) throw new BadBytes('snappy: cut off');
    const length = bytes.readUInt32BE(at);
    const block = bytes.subarray(at + 4, at + 4 + length);
    if (block.length < length) throw new BadBytes('snappy: cut off');
    const unpacked = unpackBlock(block, left);
    blocks.push(unpacked);
    left -= unpacked.length;
    at += 4 + length;
  }
  return Buffer.concat(blocks);
};

const unpackBlock = (block: Buffer, bytesMax: number): Buffer => {
  try {
    return uncompress(block, bytesMax);
  } catch {
    throw new BadBytes('snappy: cannot be unpacked, or holds too much');
  }
};
