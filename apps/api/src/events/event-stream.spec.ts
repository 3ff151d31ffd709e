import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { positioned } from '../testing/positioned';
import { EventStream } from './event-stream';

const FEED = Array.from({ length: 300 }, (_, i) => positioned(i + 1));

describe('a stream of events', () => {
  it('reads no further ahead than a slow reader takes', async () => {
    let taken = 0;
    let aheadMax = 0;
    let given = 0;
    const gone = new AbortController();
    const slow = new Writable({
      highWaterMark: 4_000,
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        taken += chunk.split('id: ').length - 1;
        if (taken === FEED.length) gone.abort();
        setImmediate(done);
      },
    });
    const feed = {
      after: (position: number, limit: number) => {
        const batch = FEED.slice(position, position + limit);
        aheadMax = Math.max(aheadMax, given - taken);
        given += batch.length;
        return Promise.resolve(batch);
      },
    };
    const head = { beyond: () => Promise.resolve() };
    await new EventStream(feed, head).pour(slow as unknown as Response, {
      after: 0,
      isWhole: true,
      endsAtMs: Date.now() + 10_000,
      gone: gone.signal,
    });
    expect(taken).toBe(FEED.length);
    expect(aheadMax).toBeLessThan(10);
  });

  it('ends with the token', async () => {
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const feed = { after: () => Promise.resolve([]) };
    const head = { beyond: (_position: number, ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };
    const startedMs = Date.now();
    await new EventStream(feed, head).pour(sink as unknown as Response, {
      after: 0,
      isWhole: true,
      endsAtMs: startedMs + 100,
      gone: new AbortController().signal,
    });
    expect(Date.now() - startedMs).toBeLessThan(2_000);
  });
});
