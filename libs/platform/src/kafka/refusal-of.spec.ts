import { describe, expect, it } from '@jest/globals';
import { AnswerUnclear, RecordsRefused } from '@qiyue/engine-runtime';
import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
} from 'kafkajs';
import { refusalOf } from './refusal-of';

const protocol = (type: string, retriable = false) => new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable }));
const gaveUp = (cause: Error) => new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 1 });

describe('a send that failed', () => {
  it.each(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'INVALID_TOPIC_EXCEPTION'])(
    'blames the records: %s',
    (type) => {
      const refusal = refusalOf(protocol(type));
      expect(refusal).toBeInstanceOf(RecordsRefused);
      expect(refusal?.why).toBe(type);
    },
  );

  it.each([protocol('UNKNOWN'), protocol('KAFKAJS_UNKNOWN_ERROR_CODE'), gaveUp(protocol('CORRUPT_MESSAGE', true)), new RangeError('x')])(
    'may blame the records: %s',
    (error) => expect(refusalOf(error)).toBeInstanceOf(AnswerUnclear),
  );

  it.each([
    new KafkaJSConnectionError('gone'),
    new KafkaJSRequestTimeoutError('late'),
    gaveUp(new KafkaJSConnectionError('gone')),
    gaveUp(protocol('NOT_ENOUGH_REPLICAS', true)),
    gaveUp(protocol('UNKNOWN_TOPIC_OR_PARTITION', true)),
    protocol('TOPIC_AUTHORIZATION_FAILED'),
    new KafkaJSNonRetriableError('closed'),
    new Error('anything'),
    'text',
  ])('is the server, or the way to it: %s', (error) => expect(refusalOf(error)).toBeNull());

  it('takes a bug of the client for what it may be, however it is wrapped', () => {
    const wrapped = Object.assign(new KafkaJSNonRetriableError('x'), { cause: new TypeError('x') });
    expect(refusalOf(wrapped)).toBeInstanceOf(AnswerUnclear);
  });
});
