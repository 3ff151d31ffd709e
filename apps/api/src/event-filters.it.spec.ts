import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { DEPARTMENT, NEED, OPERATOR, RESIDENT } from './testing/people';

/** What a stream sent until `enough` says so: its frames, without comments. */
const framesOf = async (
  bench: ApiBench,
  query: string,
  enough: (frames: readonly string[]) => boolean,
  headers: object = {},
): Promise<readonly string[]> => {
  const end = new AbortController();
  const response = await fetch(`${bench.base}/v1/events${query}`, {
    headers: { authorization: `Bearer ${await bench.tokens.mint(OPERATOR)}`, ...headers },
    signal: AbortSignal.any([end.signal, AbortSignal.timeout(15_000)]),
  });
  expect(response.status).toBe(200);
  let text = '';
  const frames = (): readonly string[] => text.split('\n\n').filter((frame) => /^id: /m.test(frame));
  const decoder = new TextDecoder();
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (enough(frames())) break;
  }
  end.abort();
  return frames();
};
const idOf = (frame: string): number => Number(/^id: (\d+)$/m.exec(frame)?.[1]);
const dataOf = (frame: string): Readonly<Record<string, unknown>> | null => {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  return data === undefined ? null : (JSON.parse(data) as Readonly<Record<string, unknown>>);
};
const typesIn = (frames: readonly string[]): readonly unknown[] => frames.flatMap((frame) => dataOf(frame)?.['type'] ?? []);

describe('a subscriber', () => {
  let bench: ApiBench;
  const needs: string[] = [];
  const TOTAL = 5;
  beforeAll(async () => {
    bench = await ApiBench.create();
    for (const community of ['幸福社区', '城南社区', '幸福社区']) {
      const { status, body } = await bench.post('/v1/needs', { ...RESIDENT, unit: community }, { ...NEED, community });
      expect([status, body]).toEqual([201, expect.anything()]);
      needs.push(String(body['needId']));
    }
    for (const needId of needs.slice(0, 2)) {
      const claim = { unit: DEPARTMENT.unit, plan: 'p', promisedBy: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10) };
      expect((await bench.post(`/v1/needs/${needId}/claim`, DEPARTMENT, claim)).status).toBe(200);
    }
    await eventually('the feed', async () => (await bench.engine.store.feed.countDocuments()) === TOTAL);
  }, 60_000);
  afterAll(() => bench.close());

  const untilLast = (frames: readonly string[]): boolean => frames.some((frame) => idOf(frame) === TOTAL);

  it.each([
    ['of one type', () => '?types=NeedClaimed', 2],
    ['of one type as events have it, and another', () => '?types=qiyue.need.NeedSubmitted.v1,NeedFunded', 3],
    ['of one kind', () => '?aggregates=need', 5],
    ['of one entity', () => `?entity=${needs[1]}`, 2],
    ['of one community', () => `?community=${encodeURIComponent('城南社区')}`, 2],
    ['of a unit: from the event on that makes it theirs', () => `?unit=${encodeURIComponent(String(DEPARTMENT.unit))}`, 2],
    ['of both', () => `?unit=${encodeURIComponent(String(DEPARTMENT.unit))}&community=${encodeURIComponent('城南社区')}`, 1],
  ])('gets what they ask for, %s, and hears how far the feed is', async (_, query, count) => {
    const frames = await framesOf(bench, query(), untilLast);
    expect(typesIn(frames)).toHaveLength(count);
    expect(frames.map(idOf)).toEqual(frames.map(idOf).toSorted((a, b) => a - b));
  });

  it('goes on behind what was passed over', async () => {
    const frames = await framesOf(bench, '?types=NeedSubmitted', untilLast);
    const last = frames.at(-1) ?? '';
    expect([idOf(last), dataOf(last)]).toEqual([TOTAL, null]);
    const end = await fetch(`${bench.base}/v1/events?lastEventId=${TOTAL}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await bench.tokens.mint(OPERATOR)}` },
    });
    expect(end.status).toBe(200);
  });

  it.each(['?types=NeedForgotten', '?aggregates=kite', '?entity=..', '?types=', '?stage=claimed'])(
    'is told when that cannot be asked for: %s',
    async (query) => {
      expect((await bench.get(`/v1/events${query}`, OPERATOR)).status).toBe(422);
    },
  );

  it('who names no position, in the header or the query, begins at the beginning', async () => {
    expect((await framesOf(bench, '', untilLast, { 'last-event-id': '' })).map(idOf)).toEqual([1, 2, 3, 4, 5]);
    expect((await framesOf(bench, '?lastEventId=', untilLast)).map(idOf)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gets headers and nothing else for HEAD', async () => {
    const head = await fetch(`${bench.base}/v1/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await bench.tokens.mint(OPERATOR)}` },
      signal: AbortSignal.timeout(5_000),
    });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/event-stream; charset=utf-8', '']);
  });
});
