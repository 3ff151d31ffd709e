import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { positioned } from '../testing/positioned';
import { EventStream } from './event-stream';
import { StreamSlots, type StreamSlot } from './stream-slots';

const LONG_MS = 60_000;
const rita = (endsAtMs = Date.now() + LONG_MS) => ({ actorId: 'rita', endsAtMs });
const slotIn = (taken: StreamSlot | string | undefined): StreamSlot => {
  if (typeof taken !== 'object') throw new Error(`no slot: ${taken}`);
  return taken;
};

describe('the slots of event streams', () => {
  let asked: (req: IncomingMessage, res: ServerResponse) => void;
  let reader: Socket;
  let taken: number;
  const slots = new StreamSlots({ all: 3, perActor: 2 }, (count) => (taken = count));
  const server = createServer((req, res) => asked(req, res));
  const bothSides = async (): Promise<readonly [Request, Response]> => {
    const arrives = new Promise<readonly [Request, Response]>((resolve) => (asked = (req, res) => resolve([req as Request, res as Response])));
    reader = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }).pause();
    reader.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return arrives;
  };
  beforeEach(async () => {
    taken = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    slots.releaseAll();
    reader.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('are given back at the end of the token, also by a reader that takes nothing', async () => {
    const [req, res] = await bothSides();
    const slot = slotIn(slots.take(req, res, rita(Date.now() + 200)));
    const endless = { after: (position: number) => Promise.resolve([positioned(position + 1)]) };
    const stream = new EventStream(endless, { beyond: () => Promise.resolve() }, { within: () => Promise.resolve((id: string) => id) }, new Map());
    const poured = stream.pour(res, { after: 0, reader: null, endsAtMs: Number.MAX_SAFE_INTEGER, gone: slot.gone });
    expect(taken).toBe(1);
    await poured;
    expect([taken, slot.gone.aborted]).toEqual([0, true]);
  });

  it('are not kept by one that had gone before they were taken', async () => {
    const [req, res] = await bothSides();
    reader.destroy();
    await once(res, 'close');
    expect(slotIn(slots.take(req, res, rita())).gone.aborted).toBe(true);
    expect(taken).toBe(0);
  });

  it('are as many as one actor may have, and others have theirs', async () => {
    const [req, res] = await bothSides();
    const [first, , third] = [1, 2, 3].map(() => slots.take(req, res, rita()));
    expect([taken, third]).toEqual([2, 'own']);
    const bo = { ...rita(), actorId: 'bo' };
    slotIn(slots.take(req, res, bo));
    expect(slots.take(req, res, bo)).toBe('full');
    slotIn(first).release();
    slotIn(slots.take(req, res, rita()));
    expect([taken, slots.take(req, res, rita())]).toEqual([3, 'own']);
  });

  it('are as many as there are, each given back once', async () => {
    const [req, res] = await bothSides();
    const [first, second] = [1, 2].map(() => slots.take(req, res, rita()));
    slotIn(first).release();
    slotIn(first).release();
    expect(taken).toBe(1);
    slots.releaseAll();
    expect([taken, slotIn(second).gone.aborted]).toEqual([0, true]);
  });
});
