import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { NEED, OPERATOR, RESIDENT } from './testing/people';

const BREAK_AFTER_MS = 3;
const ROUNDS = 500;
const AT_ONCE = 50;

/** Whatever is held for a request is let go of, at whatever moment its connection breaks. */
describe('requests that are broken off', () => {
  let bench: ApiBench;
  let token: string;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0' }); // streams that are opened by the hundred would cost too much
    token = await bench.tokens.mint(OPERATOR);
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
  }, 60_000);
  afterAll(() => bench.close());

  const head = (method: string, path: string, more = ''): string =>
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`;
  const open = (text: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: bench.api.port }, () => socket.write(text, () => resolve(socket)));
      socket.on('error', reject);
    });
  const breakOff = async (text: string, afterMs = BREAK_AFTER_MS): Promise<void> => {
    const socket = await open(text);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    socket.destroy();
  };
  const breakOffMany = async (text: string, rounds: number): Promise<void> => {
    for (let done = 0; done < rounds; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => breakOff(text, i % 7)));
  };
  const gauge = async (name: string): Promise<number> => {
    const text = String((await bench.send('GET', '/metrics')).body['text']);
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const noneLeft = async (): Promise<void> => {
    await eventually('all streams to be closed', async () => (await gauge('qiyue_event_streams')) === 0);
    await eventually('no request but this one to be under way', async () => (await gauge('qiyue_http_in_flight')) === 1);
  };
  const firstBytesOf = async (text: string): Promise<string> => {
    const socket = await open(text);
    const bytes = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    return bytes.toString('utf8');
  };

  it('free the slots of their event streams, whenever they break', async () => {
    await breakOffMany(head('GET', '/v1/events'), ROUNDS + AT_ONCE);
    expect(await firstBytesOf(head('GET', '/v1/events'))).toMatch(/^HTTP\/1\.1 200 /);
    await noneLeft();
  }, 60_000);

  it('free them too when they stood in line on one connection', async () => {
    await breakOff(head('GET', '/v1/events').repeat(100), 200);
    await noneLeft();
  });

  it('free the places of their files', async () => {
    await breakOffMany(head('POST', `/v1/needs/${needId}/files`, 'Content-Type: image/png\r\nContent-Length: 1000\r\n'), 2 * AT_ONCE);
    await noneLeft();
    const answered = await eventually('a file to be taken', async () => {
      const response = await fetch(`${bench.base}/v1/needs/${needId}/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await bench.tokens.mint(RESIDENT)}`, 'content-type': 'application/pdf' },
        body: '%PDF-1.7\n1 0 obj << >> endobj\n%%EOF',
      });
      return response.status === 503 || response.status === 429 ? null : response.status;
    });
    expect(answered).toBe(201);
  }, 60_000);

  it('that ask for the head of any route alone are answered at once and hold nothing', async () => {
    const { body } = await bench.send('GET', '/openapi.json');
    const paths = Object.entries(body['paths'] as Record<string, object>).filter(([, operations]) => 'get' in operations);
    expect(paths.length).toBeGreaterThan(20);
    for (const [path] of paths) {
      const asked = path.replace('{needId}', needId).replace(/\{\w+\}/g, 'x');
      const response = await fetch(`${bench.base}${asked}`, {
        method: 'HEAD',
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(3_000),
      });
      expect([path, await response.text(), response.status < 500]).toEqual([path, '', true]);
    }
    const events = await fetch(`${bench.base}/v1/events`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    expect([events.status, events.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect((await fetch(`${bench.base}/v1/events`, { method: 'HEAD' })).status).toBe(401);
    expect((await fetch(`${bench.base}/login`, { method: 'HEAD', redirect: 'manual' })).status).toBe(405);
    await noneLeft();
  }, 60_000);
});
