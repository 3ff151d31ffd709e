import { describe, expect, it } from '@jest/globals';
import { KafkaJSConnectionError } from 'kafkajs';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { PartitionGone, type IncomingMessage } from '@qiyue/platform';
import type { Letter } from './dead-letters';
import { MessageLoop, type MessageReader } from './message-loop';

const LIMITS = { attempts: 2, pauseMs: 1, hangsAfterMs: 100, probeWithinMs: 50, awayPauseMs: 1 };
const message = (value: string, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  ...{ topic: 't', partition: 0, offset: value, key: null, value, headers: {}, timestampMs: 0 },
  ...more,
});
const batch = (...values: readonly string[]): readonly IncomingMessage[] => values.map((value) => message(value));
const alive = (): Promise<void> => Promise.resolve();

/** A reader that keeps what it handled, and a loop over it that keeps its letters and incidents. */
const loopOver = (fails: (value: string, attempt: number) => Promise<void> | void, more: Partial<MessageReader> = {}) => {
  const [done, letters, notes]: [string[], [string, Letter][], string[]] = [[], [], []];
  const attempts = new Map<string, number>();
  const handle = async (messages: readonly IncomingMessage[]): Promise<void> => {
    for (const { value } of messages) {
      const text = value ?? '';
      attempts.set(text, (attempts.get(text) ?? 0) + 1);
      await fails(text, attempts.get(text) ?? 0);
      done.push(text);
    }
  };
  const loop = new MessageLoop(
    { groupId: 'g', handle, probe: alive, ...more },
    {
      letters: { send: async ({ value }, letter) => void letters.push([value ?? '', letter]) },
      incidents: { note: async ({ kind }) => void notes.push(kind), clear: alive },
      log: { warn: () => undefined, error: () => undefined },
    },
    LIMITS,
  );
  return { loop, done, letters, notes };
};
const broken = (): never => {
  throw new RangeError('said what nobody may hear');
};

describe('a batch', () => {
  it('with a message that always fails is handled but for that one, which is dead with the name of its failure only', async () => {
    const { loop, done, letters } = loopOver((value) => (value === 'bad' ? broken() : undefined));
    await loop.take(batch('a', 'bad', 'b'), alive);
    expect([...new Set(done)]).toEqual(['a', 'b']);
    expect(letters).toEqual([['bad', { reason: 'failed', detail: 'RangeError' }]]);
  });

  it('with a message that fails once is handled whole', async () => {
    const { loop, done, letters } = loopOver((value, attempt) => (value === 'bad' && attempt === 1 ? broken() : undefined));
    await loop.take(batch('a', 'bad', 'b'), alive);
    expect([done.slice(-3), letters]).toEqual([['a', 'bad', 'b'], []]);
  });

  it('with a message at which its reader hangs goes on without it', async () => {
    const { loop, done, letters } = loopOver((value) => (value === 'bad' ? new Promise(() => undefined) : undefined));
    await loop.take(batch('a', 'bad', 'b'), alive);
    expect(done.at(-1)).toBe('b');
    expect(letters).toEqual([['bad', { reason: 'failed', detail: 'HandlerHangs' }]]);
  });

  it.each([
    ['MongoDB', new MongoNetworkError('gone')],
    ['MongoDB’s primary', new MongoServerError({ code: 10107, message: 'not primary' })],
    ['Kafka', new KafkaJSConnectionError('gone')],
    ['something behind it', new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ECONNREFUSED' }) })],
  ])(
    'waits for %s for as long as it is away',
    async (_name, error) => {
      const { loop, done, letters } = loopOver((_value, attempt) => {
        if (attempt <= 3) throw error;
      });
      await loop.take(batch('a'), alive);
      expect([done, letters]).toEqual([['a'], []]);
    },
    120_000,
  );

  it('waits when its reader hangs because a server does', async () => {
    let probes = 0;
    const probe = (): Promise<unknown> => ((probes += 1), probes < 3 ? new Promise(() => undefined) : alive());
    const { loop, done, letters } = loopOver((_value, attempt) => (attempt <= 2 ? new Promise<void>(() => undefined) : undefined), { probe });
    await loop.take(batch('a'), alive);
    expect([done, letters]).toEqual([['a'], []]);
  }, 120_000);

  it('never shows its reader what cannot be read, and keeps the order around it', async () => {
    const { loop, done, letters } = loopOver(() => undefined);
    await loop.take([message('a'), message('x', { unreadable: 'lz4: cut off' }), message('b')], alive);
    expect(done).toEqual(['a', 'b']);
    expect(letters).toEqual([['x', { reason: 'malformed', detail: 'lz4: cut off' }]]);
  });

  it('goes on when neither a letter can be sent nor the entity be set aside', async () => {
    const { done, letters } = loopOver(() => undefined);
    const reader = { groupId: 'g', handle: broken, setAside: broken, probe: alive };
    const loop = new MessageLoop(
      reader,
      { letters: { send: broken }, incidents: { note: alive, clear: alive }, log: { warn: () => undefined, error: () => undefined } },
      LIMITS,
    );
    await loop.take(batch('a', 'b'), alive);
    expect([done, letters]).toEqual([[], []]);
  });

  it('ends at once when its partition has gone to another', async () => {
    const { loop } = loopOver(() => broken());
    await expect(loop.take(batch('a'), () => Promise.reject(new PartitionGone()))).rejects.toThrow(PartitionGone);
  });
});
