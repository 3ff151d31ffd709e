/// <reference path="./kafkajs-internals.d.ts" />
import { requests, type FetchParameters, type Isolated } from 'kafkajs/src/protocol/requests';
import { ByteReader } from './byte-reader';
import { areRecordBatches, readRecordBatches, type Budget, type FetchedRecord } from './record-batches';

/** The version that every broker since 2.3 speaks with kafkajs 2.2.4, which knows no later one. */
const VERSION = 11;
/** Kafka's READ_UNCOMMITTED. */
const AS_WRITTEN = 0;
/** For one answer; each partition's first batch is read in any case, so this is about what it adds up to. */
const ANSWER_BYTES = 48 * 1024 * 1024;

let isInstalled = false;

/**
 * Has kafkajs read what a broker answers to a fetch with our reader instead of its own, which throws at a codec that it lacks or a batch
 * that it cannot read (and the consumer then ends, before anybody is told which batch it was), unpacks without a bound, runs out
 * of stack at a batch of 130,000 records, and takes the square of their number for a record's headers.
 *
 * Everything is read as it is written, and asked for its end so: whoever leaves a transaction open would else hold up whatever lies behind
 * it, and no end would tell. An aborted message is a message.
 */
export const installBoundedFetch = (): void => {
  if (isInstalled) return;
  isInstalled = true;
  const original = requests.Fetch.protocol;
  requests.Fetch.protocol = (choice) => {
    const exchange = original(choice);
    return (parameters) => {
      const { response, ...rest } = exchange(asWritten(parameters));
      if (choice.version !== VERSION) return { ...rest, response };
      const decode = (bytes: Buffer): Promise<unknown> => readAnswer(bytes, offsetsIn(parameters), response.decode);
      return { ...rest, response: { ...response, decode } };
    };
  };
  const ends = requests.ListOffsets.protocol;
  requests.ListOffsets.protocol = (choice) => {
    const exchange = ends(choice);
    return (parameters) => exchange(asWritten(parameters));
  };
};

const asWritten = <T extends Isolated>(parameters: T): T => ({ ...parameters, isolationLevel: AS_WRITTEN });

type Offsets = ReadonlyMap<string, bigint>;
const nameOf = (topic: string, partition: number): string => `${topic}:${partition}`;

const offsetsIn = ({ topics }: FetchParameters): Offsets =>
  new Map(
    topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => [nameOf(topic, partition), BigInt(fetchOffset)] as const),
    ),
  );

class OldFormat extends Error {}

/** https://kafka.apache.org/protocol, Fetch Response version 11. The shape that it gives is kafkajs's own. */
const readAnswer = async (bytes: Buffer, offsets: Offsets, decodeOld: (bytes: Buffer) => Promise<unknown>): Promise<unknown> => {
  try {
    const reader = new ByteReader(bytes);
    const budget: Budget = { bytesLeft: ANSWER_BYTES };
    const [clientSideThrottleTime, errorCode, sessionId] = [reader.int32(), reader.int16(), reader.int32()];
    const responses = await listOf(reader, () => readTopic(reader, offsets, budget));
    return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
  } catch (error) {
    if (error instanceof OldFormat) return decodeOld(bytes);
    throw error;
  }
};

const readTopic = async (reader: ByteReader, offsets: Offsets, budget: Budget): Promise<object> => {
  const topicName = reader.text();
  return { topicName, partitions: await listOf(reader, () => readPartition(reader, topicName, offsets, budget)) };
};

const readPartition = async (reader: ByteReader, topic: string, offsets: Offsets, budget: Budget): Promise<object> => {
  const head = {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: String(reader.int64()),
    lastStableOffset: String(reader.int64()),
    lastStartOffset: String(reader.int64()),
    abortedTransactions: await listOf(reader, () => Promise.resolve({ producerId: String(reader.int64()), firstOffset: String(reader.int64()) })),
    preferredReadReplica: reader.int32(),
  };
  const batches = reader.take(Math.max(0, reader.int32()));
  if (!areRecordBatches(batches)) throw new OldFormat();
  const messages: FetchedRecord[] = await readRecordBatches(batches, offsets.get(nameOf(topic, head.partition)) ?? 0n, budget);
  return { ...head, messages };
};

/** INT32 length, −1 for none. */
const listOf = async <T>(reader: ByteReader, read: () => Promise<T>): Promise<T[]> => {
  const items: T[] = [];
  for (let left = reader.int32(); left > 0; left -= 1) items.push(await read());
  return items;
};
