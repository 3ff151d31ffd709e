import { AnswerUnclear, RecordsRefused } from '@qiyue/engine-runtime';
import { KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';

/** Answers to a produce request that are about what was sent. `INVALID_TOPIC_EXCEPTION`: its name comes from the record. */
const ABOUT_RECORDS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'INVALID_TOPIC_EXCEPTION',
]);

/** Final answers that say nothing about a record: waited for, as a server that is away is. */
const ABOUT_SERVER: ReadonlySet<string> = new Set([
  'BROKER_NOT_AVAILABLE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'SASL_AUTHENTICATION_FAILED',
  'SECURITY_DISABLED',
  'UNSUPPORTED_VERSION',
  'LOG_DIR_NOT_FOUND',
]);

/** The client itself could not write it. */
const OF_THE_PROGRAM: ReadonlySet<string> = new Set(['RangeError', 'ReferenceError', 'SyntaxError', 'TypeError']);

/** Whether a send that failed blames the records, certainly or perhaps; null when it is the server, or the way to it. */
export const refusalOf = (error: unknown): RecordsRefused | AnswerUnclear | null => {
  const cause = causeOf(error);
  if (!(cause instanceof Error)) return null;
  if (!(cause instanceof KafkaJSProtocolError)) return OF_THE_PROGRAM.has(cause.name) ? new AnswerUnclear(cause.name) : null;
  if (ABOUT_RECORDS.has(cause.type)) return new RecordsRefused(cause.type);
  const isFinal = !cause.retriable || cause.type === 'CORRUPT_MESSAGE';
  return isFinal && !ABOUT_SERVER.has(cause.type) ? new AnswerUnclear(cause.type) : null;
};

/** kafkajs wraps what it tried several times, and what it will not try again. */
const causeOf = (error: unknown): unknown => {
  const isWrapped = error instanceof KafkaJSNumberOfRetriesExceeded || error instanceof KafkaJSNonRetriableError;
  return isWrapped && error.cause !== undefined ? error.cause : error;
};
