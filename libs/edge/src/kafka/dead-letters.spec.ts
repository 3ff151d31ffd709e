import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KafkaJSConnectionError, KafkaJSProtocolError } from 'kafkajs';
import { DeadLetters } from './dead-letters';
import type { IncomingMessage, OutgoingMessage } from '@qiyue/platform';

const message = (more: Partial<IncomingMessage>): IncomingMessage => ({
  ...{ topic: 't', partition: 2, offset: '7', key: 'k', value: 'v', headers: {}, timestampMs: 0 },
  ...more,
});
const lettersOver = (send: (letter: OutgoingMessage) => void) => {
  const rows: object[] = [];
  const quiet = { warn: () => undefined, error: () => undefined };
  const publisher = { send: async (_topic: string, [letter]: readonly OutgoingMessage[]) => send(letter as OutgoingMessage) };
  const ports = { topic: 't.dead', publisher, rows: { note: async (row: object) => void rows.push(row) }, log: quiet };
  return { rows, ports, letters: new DeadLetters('reader', { ...ports, cleaned: ({ value }) => value ?? '' }) };
};
const why = { reason: 'malformed', detail: 'not JSON' };

describe('a dead letter', () => {
  it.each([
    ['letters', 'x'.repeat(1_048_490)],
    ['characters of three bytes', '契'.repeat(400_000)],
    ['characters of four bytes', '👵'.repeat(300_000)],
  ])('of a megabyte of %s is cut between two of them, and tells where the whole lies and what its hash is', async (_name, value) => {
    const sent: OutgoingMessage[] = [];
    const { letters, rows } = lettersOver((letter) => sent.push(letter));
    const hash = createHash('sha256').update(value, 'utf8').digest('hex');
    await letters.send(message({ value, key: 'k'.repeat(1_000_000) }), why);
    const [letter] = sent;
    expect(value.startsWith(letter?.value ?? '-')).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(letter))).toBeLessThan(510_000);
    expect(letter?.headers).toMatchObject({ 'source-topic': 't', 'source-partition': '2', 'source-offset': '7', 'source-sha256': hash });
    expect(rows).toEqual([{ topic: 't', partition: 2, offset: '7', reason: 'malformed', detail: 'not JSON', reader: 'reader', hash }]);
  });

  it('that the broker refuses is cut further, and in the end only its row is left', async () => {
    const sizes: number[] = [];
    const { letters, rows } = lettersOver(({ value }) => {
      sizes.push(value.length);
      throw new KafkaJSProtocolError({ type: 'MESSAGE_TOO_LARGE', code: 10, message: '', name: 'x' } as never);
    });
    await letters.send(message({ value: 'x'.repeat(600_000) }), why);
    expect([sizes, rows.length]).toEqual([[500_000, 50_000, 1_000, 0], 1]);
  });

  it('waits for a broker that is away', async () => {
    const { letters, rows } = lettersOver(() => {
      throw new KafkaJSConnectionError('gone');
    });
    for (let i = 0; i < 2; i += 1) await expect(letters.send(message({}), why)).rejects.toThrow(KafkaJSConnectionError);
    expect(rows).toEqual([]);
  });

  it('is one, however often its message comes, also to two at once', async () => {
    const sent: OutgoingMessage[] = [];
    const { letters, rows } = lettersOver((letter) => sent.push(letter));
    await Promise.all([letters.send(message({}), why), letters.send(message({}), why)]);
    for (let i = 0; i < 3; i += 1) await letters.send(message({}), why);
    expect([sent.length, rows.length]).toEqual([1, 1]);
  });

  it.each([
    '{"authorization":"Bearer aaaaaaaaaa.bbbbbbbb.cccccc"}',
    'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJyZXNpZGVudCJ9.c2lnbmF0dXJl',
    'qk_0123456789abcdef',
  ])('holds no token that its sender put into it: %s', async (secret) => {
    const sent: OutgoingMessage[] = [];
    const { letters } = lettersOver((letter) => sent.push(letter));
    await letters.send(message({ value: secret, key: secret, headers: { authorization: secret, ce_id: secret } }), why);
    expect(JSON.stringify(sent)).not.toMatch(/aaaaaaaaaa|eyJ|qk_0/);
  });

  it('keeps nothing of a message unless its reader says what may be kept, and no key or header that could tell of a person', async () => {
    const sent: OutgoingMessage[] = [];
    const { ports } = lettersOver((letter) => sent.push(letter));
    const said = '13912345678';
    const headers = { ce_id: 'k-1', ce_source: said, ce_subject: said, ce_type: said, ce_time: said, 'content-type': said, [said]: said };
    await new DeadLetters('reader', ports).send(message({ value: `{"contact":"${said}"}`, key: said, headers }), why);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.value).toBe('');
    expect(sent[0]?.headers?.['ce_id']).toBe('k-1');
    expect(JSON.stringify(sent)).not.toContain(said);
  });
});
