import { describe, expect, it } from '@jest/globals';
import { incomingMessageOf, RECEIPT_AGE_MAX_MS } from './incoming-message';

const NOW = Date.UTC(2026, 2, 2, 2);
const HOUR_MS = 3_600_000;
const timeOf = (timestamp: string | number, batchContext?: { readonly timestampType: 0 | 1 }): number =>
  incomingMessageOf(
    't',
    0,
    {
      ...{ key: null, value: null, headers: {}, timestamp: String(timestamp), attributes: 0, offset: '0' },
      ...(batchContext === undefined ? {} : { batchContext }),
    },
    NOW,
  ).timestampMs;
const BROKERS = { timestampType: 1 } as const;

describe('when a message was received', () => {
  it('is the broker’s time, of a batch that says it holds it', () => {
    expect(timeOf(NOW - HOUR_MS, BROKERS)).toBe(NOW - HOUR_MS);
  });

  it.each([
    ['two months back', NOW - 60 * 24 * HOUR_MS],
    ['an hour ago', NOW - HOUR_MS],
    ['an hour ahead', NOW + HOUR_MS],
    ['no time at all', 'x'],
  ])('is now, where the batch holds what its sender said: %s', (_, said) => {
    expect(timeOf(said, { timestampType: 0 })).toBe(NOW);
    expect(timeOf(said)).toBe(NOW); // of before there was a difference
  });

  it.each([
    ['ahead of us', NOW + HOUR_MS, NOW],
    ['before what the topic keeps', NOW - 90 * 24 * HOUR_MS, NOW - RECEIPT_AGE_MAX_MS],
    ['−1: none', -1, NOW],
    ['of no year that can be written', 8.64e15 + 1, NOW],
  ])('is within a bound of our own clock, whatever the broker’s says: %s', (_, said, counts) => {
    expect(timeOf(said, BROKERS)).toBe(counts);
  });
});
