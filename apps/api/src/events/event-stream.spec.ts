import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { positioned } from '../testing/positioned';
import { EventStream } from './event-stream';

const FEED = Array.from({ length: 300 }, (_, i) => positioned(i + 1));

const PSEUDONYMS = { within: () => Promise.resolve((id: string) => id) };

const NO_AGGREGATES = new Map<string, never>();

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
    await new EventStream(feed, head, PSEUDONYMS, NO_AGGREGATES).pour(slow as unknown as Response, {
      after: 0,
      reader: null,
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
    const endsAtMs = Date.now() + 100;
    await new EventStream(feed, head, PSEUDONYMS, NO_AGGREGATES).pour(sink as unknown as Response, {
      after: 0,
      reader: null,
      endsAtMs,
      gone: new AbortController().signal,
    });
    expect(Date.now()).toBeGreaterThanOrEqual(endsAtMs);
  });

  it('cuts a reader that takes nothing, and misses nothing for it when it comes back with the last id that it saw', async () => {
    const seen: string[] = [];
    let isTaking = true;
    const stalling = new Writable({
      highWaterMark: 2_000,
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        seen.push(chunk);
        if (isTaking) setImmediate(done);
      },
    });
    const feed = { after: (position: number, limit: number) => Promise.resolve(FEED.slice(position, position + limit)) };
    const head = { beyond: () => Promise.resolve() };
    const stream = new EventStream(feed, head, PSEUDONYMS, NO_AGGREGATES, { stalledMs: 100, checkEveryMs: 10_000 });
    const options = { reader: null, endsAtMs: Date.now() + 60_000, gone: new AbortController().signal };
    setImmediate(() => (isTaking = false));
    expect(await stream.pour(stalling as unknown as Response, { ...options, after: 0 })).toBe('stalled');
    const idsIn = (chunks: readonly string[]): readonly number[] =>
      chunks.flatMap((chunk) => [...chunk.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)));
    const before = idsIn(seen);
    const again: string[] = [];
    const gone = new AbortController();
    const good = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        again.push(chunk);
        if (idsIn(again).at(-1) === FEED.length) gone.abort();
        done();
      },
    });
    expect(await stream.pour(good as unknown as Response, { ...options, after: before.at(-1) ?? 0, gone: gone.signal })).toBe('gone');
    expect([...before, ...idsIn(again)]).toEqual(FEED.map(({ position }) => position));
  });

  it('ends when what was shown for it is worth nothing any more, also while nothing happens', async () => {
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const head = { beyond: (_position: number, ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };
    const stream = new EventStream({ after: () => Promise.resolve([]) }, head, PSEUDONYMS, NO_AGGREGATES, { stalledMs: 1_000, checkEveryMs: 20 });
    let looks = 0;
    const end = await stream.pour(sink as unknown as Response, {
      ...{ after: 0, reader: null, endsAtMs: Date.now() + 60_000, gone: new AbortController().signal },
      isStillGood: () => Promise.resolve((looks += 1) < 3),
    });
    expect([end, looks]).toEqual(['revoked', 3]);
  });
});
