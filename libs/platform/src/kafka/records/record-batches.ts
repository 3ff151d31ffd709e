import { BadBytes, ByteReader } from './byte-reader';
import { CODECS, unpack } from './unpack';

/** A record as kafkajs hands it on, and what we add to it. */
export interface FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | null>>;
  readonly isControlRecord: boolean;
  /** `timestampType`: 1 when `timestamp` is the broker's, 0 when it is whatever the producer said. */
  readonly batchContext: {
    readonly firstOffset: string;
    readonly producerId: string;
    readonly inTransaction: boolean;
    readonly timestampType: 0 | 1;
  };
  /** Why it cannot be read; it then stands for every record from `batchContext.firstOffset` on that is not told of by itself. */
  readonly unreadable?: string;
}

/** How much one answer of the broker may become in memory. */
export interface Budget {
  bytesLeft: number;
}

const BATCH_BYTES_MAX = 16 * 1024 * 1024;
const RECORDS_MAX = 10_000;
const HEADERS_MAX = 100;
const OVERHEAD_BYTES = 12;
const MAGIC = 2;
const MAGIC_AT = 16;
const [CODEC_MASK, LOG_APPEND_TIME, TRANSACTIONAL, CONTROL] = [0x7, 0x8, 0x10, 0x20];

/** False for the message sets of brokers before 0.11. */
export const areRecordBatches = (bytes: Buffer): boolean => bytes.length <= MAGIC_AT || bytes[MAGIC_AT] === MAGIC;

/**
 * The records from `fetchOffset` on, out of one partition's share of an answer.
 *
 * Contract:
 * 1. Never rejects, and what it makes is bounded by `budget`, 16 MB for one batch, and 10,000 records: the rest comes with the next fetch.
 * 2. A batch that cannot be read (codec, size, form) is one record that says so, at the offset of its last; the others go on.
 * 3. There is always at least one record when there is one whole batch, so that no reader stands still.
 */
export const readRecordBatches = async (bytes: Buffer, fetchOffset: bigint, budget: Budget): Promise<FetchedRecord[]> => {
  const records: FetchedRecord[] = [];
  const reader = new ByteReader(bytes);
  while (reader.left >= OVERHEAD_BYTES && records.length < RECORDS_MAX) {
    const baseOffset = reader.int64();
    const length = reader.int32();
    if (length < 0 || length > reader.left) break; // the answer was cut off here
    if (records.length > 0 && budget.bytesLeft <= 0) break;
    await readBatch(baseOffset, reader.take(length), fetchOffset, records, budget);
  }
  return records;
};

interface Batch {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly attributes: number;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: string;
  readonly count: number;
}

const readBatch = async (firstOffset: bigint, bytes: Buffer, fetchOffset: bigint, into: FetchedRecord[], budget: Budget): Promise<void> => {
  let batch: Batch = { firstOffset, lastOffset: firstOffset, attributes: 0, firstTimestamp: 0n, maxTimestamp: 0n, producerId: '-1', count: 0 };
  const before = into.length;
  try {
    const reader = new ByteReader(bytes);
    batch = readHeader(firstOffset, reader);
    if (batch.lastOffset < fetchOffset) return;
    const codec = CODECS[batch.attributes & CODEC_MASK];
    if (codec === undefined) throw new BadBytes('an unknown codec');
    const unpacked = await unpack(codec, reader.take(reader.left), BATCH_BYTES_MAX);
    budget.bytesLeft -= unpacked.length;
    readRecords(batch, new ByteReader(unpacked), fetchOffset, into);
  } catch (error) {
    into.push(unreadable(batch, error instanceof BadBytes ? error.message : 'cannot be read'));
  }
  if (into.length === before) into.push({ ...bare(batch), isControlRecord: true }); // nothing of it is left: only its offset counts
};

const readHeader = (firstOffset: bigint, reader: ByteReader): Batch => {
  reader.int32(); // leader's epoch
  if (reader.int8() !== MAGIC) throw new BadBytes('an unknown form of batch');
  reader.int32(); // checksum, which the broker has looked at
  const attributes = reader.int16();
  const lastOffset = firstOffset + BigInt(reader.int32());
  const [firstTimestamp, maxTimestamp, producerId] = [reader.int64(), reader.int64(), String(reader.int64())];
  reader.int16(); // producer's epoch
  reader.int32(); // first sequence
  return { firstOffset, lastOffset, attributes, firstTimestamp, maxTimestamp, producerId, count: reader.int32() };
};

const readRecords = (batch: Batch, reader: ByteReader, fetchOffset: bigint, into: FetchedRecord[]): void => {
  for (let i = 0; i < batch.count && into.length < RECORDS_MAX; i += 1) {
    const record = new ByteReader(reader.take(reader.varint()));
    const attributes = record.int8();
    const timestamp = batch.firstTimestamp + record.varlong();
    const offset = batch.firstOffset + BigInt(record.varint());
    if (offset < fetchOffset) continue;
    into.push({ ...bare(batch), attributes, offset: String(offset), ...timeIn(batch, timestamp), ...contentOf(record) });
  }
};

const timeIn = ({ attributes, maxTimestamp }: Batch, timestamp: bigint): { readonly timestamp: string } => ({
  timestamp: String(isAppendTime(attributes) ? maxTimestamp : timestamp),
});

const isAppendTime = (attributes: number): boolean => (attributes & LOG_APPEND_TIME) !== 0;

type Content = Pick<FetchedRecord, 'key' | 'value' | 'headers' | 'unreadable'>;

/** Of several headers of one name the first counts. */
const contentOf = (record: ByteReader): Content => {
  const [key, value] = [record.varBytes(), record.varBytes()];
  const count = record.varint();
  if (count > HEADERS_MAX) return { key, value, headers: {}, unreadable: 'too many headers' };
  const headers = new Map<string, Buffer | null>();
  for (let i = 0; i < count; i += 1) {
    const [name, content] = [record.varBytes()?.toString('utf8') ?? '', record.varBytes()];
    if (!headers.has(name)) headers.set(name, content);
  }
  return { key, value, headers: Object.fromEntries(headers) };
};

const unreadable = (batch: Batch, why: string): FetchedRecord => ({ ...bare(batch), unreadable: why });

const bare = ({ firstOffset, lastOffset, attributes, maxTimestamp, producerId }: Batch): FetchedRecord => ({
  magicByte: MAGIC,
  attributes: 0,
  timestamp: String(maxTimestamp),
  offset: String(lastOffset),
  key: null,
  value: null,
  headers: {},
  isControlRecord: (attributes & CONTROL) !== 0,
  batchContext: {
    ...{ firstOffset: String(firstOffset), producerId, inTransaction: (attributes & TRANSACTIONAL) !== 0 },
    timestampType: isAppendTime(attributes) ? 1 : 0,
  },
});
