import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QiyueClient, type FeedEvent } from '@qiyue/client';
import type { Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { proxyTo } from './testing/cuttable-proxy';
import { NEED, NEIGHBOUR, OPERATOR, RESIDENT } from './testing/people';
import type { Who } from './testing/test-tokens';

describe('events, documents and health', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const clientFor = (who: Who, port = bench.api.port) =>
    new QiyueClient({ baseUrl: `http://127.0.0.1:${port}`, token: () => bench.tokens.mint(who) });
  const take = async (
    client: QiyueClient,
    count: number,
    after?: number | 'latest',
    onEvent: (n: number) => void = () => undefined,
  ): Promise<FeedEvent[]> => {
    const seen: FeedEvent[] = [];
    for await (const event of client.events({ signal: AbortSignal.timeout(15_000), retryMs: 50, ...(after === undefined ? {} : { after }) })) {
      seen.push(event);
      onEvent(seen.length);
      if (seen.length === count) break;
    }
    return seen;
  };

  it('streams every event once and in order, from the beginning and from where a reader stopped', async () => {
    const client = clientFor(RESIDENT);
    for (let i = 0; i < 5; i += 1) await client.submit({ ...NEED, title: `需求 ${i}` });
    const all = await take(clientFor(OPERATOR), 5);
    expect(all.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(all.map(({ type }) => type)).toEqual(Array(5).fill('qiyue.need.NeedSubmitted.v1'));
    expect((await take(clientFor(OPERATOR), 2, 3)).map(({ position }) => position)).toEqual([4, 5]);
  });

  it('goes on by itself after its connection was cut', async () => {
    const proxy = await proxyTo(bench.api.port);
    const reading = take(clientFor(OPERATOR, proxy.port), 11, undefined, (n) => {
      if (n === 3 || n === 8) proxy.cut();
    });
    for (let i = 0; i < 6; i += 1) await clientFor(RESIDENT).submit({ ...NEED, title: `后来 ${i}` });
    expect((await reading).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await proxy.close();
  });

  it('gives what people wrote as it is sealed, to every reader of the stream', async () => {
    const [seen] = await take(clientFor(NEIGHBOUR), 1);
    const [whole] = await take(clientFor(OPERATOR), 1);
    expect(seen?.data['contact']).toMatch(/^sealed:v1:/);
    expect(whole?.data['contact']).toBe(seen?.data['contact']);
  });

  it('refuses a place in the feed that it has not come to, or that is none', async () => {
    expect(await bench.get('/v1/events?lastEventId=999999', OPERATOR)).toMatchObject({ status: 409, body: { code: 'position-unknown' } });
    expect((await bench.get('/v1/events?lastEventId=x', OPERATOR)).status).toBe(422);
    expect((await bench.send('GET', '/v1/events')).status).toBe(401);
  });

  it('documents itself without a token', async () => {
    const openApi = await bench.send('GET', '/openapi.json');
    expect(openApi).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
    expect(Object.keys(openApi.body['paths'] as Body)).toContain('/v1/needs/{needId}/refuse-works');
    expect((await bench.send('GET', '/asyncapi.json')).body).toMatchObject({
      asyncapi: '3.0.0',
      channels: { needEvents: { address: 'qiyue.need.events' } },
    });
    const page = await bench.send('GET', '/docs');
    expect(page.status).toBe(200);
    const assets = [...String(page.body['text']).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => String(address));
    expect(assets.some((address) => /^https?:|^\/\//.test(address))).toBe(false);
    for (const address of assets) expect([address, (await fetch(new URL(address, `${bench.base}/docs`))).status]).toEqual([address, 200]);
  });

  it('tells its health and its metrics without a token', async () => {
    expect((await bench.send('GET', '/health/live')).body).toEqual({ status: 'live' });
    expect(await bench.send('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', dependencies: { temporal: 'up', mongodb: 'up', kafka: 'up' }, quarantined: { count: 0, needs: [] } },
    });
    await bench.post('/v1/needs', RESIDENT, NEED);
    const { body } = await bench.send('GET', '/metrics');
    expect(body['text']).toMatch(/qiyue_commands_total\{command="submit",outcome="accepted"\} \d+/);
    expect(body['text']).toMatch(/qiyue_http_request_duration_seconds_count\{method="POST",route="\/v1\/needs",status="201"\}/);
    expect(body['text']).not.toMatch(/幸福社区|r-1|[0-9a-hjkmnp-tv-z]{26}/);
  });
});
