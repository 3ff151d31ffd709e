import { MongoServerError } from 'mongodb';
import { KeySetUnavailable } from '../auth/key-set';
import { KeysUnavailable } from '@qiyue/privacy';

const CAUSES_MAX = 6;

/** Of Node itself: nobody listens, nobody answers, no name, no room. */
const SYSTEM_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENETDOWN', 'EMFILE', 'ENFILE', 'ENOSPC', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET'],
]);

/** Of MongoDB, whatever was asked: not primary, stepping down, shutting down, no majority, no room, not (yet) let in. */
const MONGODB_CODES = new Set([
  ...[6, 7, 13, 18, 64, 89, 91, 100, 112, 133, 134, 189, 202, 211, 234, 251, 262, 317, 358, 384, 8000, 9001],
  ...[10058, 10107, 11600, 11602, 13435, 13436, 14031],
]);
const MONGODB_NAMES =
  /^Mongo(Network|NetworkTimeout|ServerSelection|NotConnected|Topology|TopologyClosed|PoolCleared|PoolClosed|WaitQueueTimeout|ServerClosed|OperationTimeout|ExpiredSession|ClientClosed|ClientBulkWriteCursor|Connection\w*)Error$/;

/** Of a broker, what a record is to blame for; all else that kafkajs reports is about the broker or the way to it. */
const KAFKA_RECORD_TYPES = new Set([
  ...['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'CORRUPT_MESSAGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'],
  ...['INVALID_TOPIC_EXCEPTION', 'UNSUPPORTED_COMPRESSION_TYPE', 'INVALID_REQUIRED_ACKS', 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'POLICY_VIOLATION'],
]);

/** gRPC: cancelled, unknown, deadline exceeded, permission denied, resource exhausted, aborted, internal, unavailable, data loss, unauthenticated. */
const GRPC_CODES = new Set([1, 2, 4, 7, 8, 10, 13, 14, 15, 16]);

/**
 * Whether a failure says that a server is away, or cannot work for anybody just now. Such a failure is waited out; any other is
 * about what was asked, and asking again for ever would hold up what comes behind it.
 */
export const isServerAway = (error: unknown): boolean => {
  for (let [cause, left] = [error, CAUSES_MAX]; cause instanceof Error && left > 0; cause = cause.cause, left -= 1) {
    if (isAway(cause)) return true;
  }
  return false;
};

/** The broker has looked at what was sent and will not have it, now or later. */
export const isRefusedByBroker = (error: unknown): boolean => {
  for (let [cause, left] = [error, CAUSES_MAX]; cause instanceof Error && left > 0; cause = cause.cause, left -= 1) {
    if (KAFKA_RECORD_TYPES.has(String((cause as { readonly type?: unknown }).type))) return true;
  }
  return false;
};

const isAway = (error: Error): boolean => {
  const code: unknown = (error as { readonly code?: unknown }).code;
  if (error instanceof KeysUnavailable || error instanceof KeySetUnavailable) return true;
  if (typeof code === 'string' && SYSTEM_CODES.has(code)) return true;
  if (error instanceof MongoServerError) return error.hasErrorLabel('RetryableWriteError') || MONGODB_CODES.has(Number(code));
  if (MONGODB_NAMES.test(error.name)) return true;
  if (error.name.startsWith('KafkaJS')) return !isRefusedByBroker(error) && error.name !== 'KafkaJSNonRetriableError';
  return typeof code === 'number' && 'details' in error && GRPC_CODES.has(code);
};
