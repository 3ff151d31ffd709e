import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Body } from '@qiyue/testkit';
import { InboxBench, mailed } from './testing/inbox-bench';
import { COMMUNITY, DEPARTMENT, OPERATOR, RESIDENT, SUPERVISOR } from './testing/people';

const EXAMPLE = JSON.parse(readFileSync(join(__dirname, '../../../infra/docs/examples/directory.json'), 'utf8')) as Body;

let bench: InboxBench;
beforeAll(async () => {
  bench = await InboxBench.create();
  await bench.notices.insert([1, 2, 3, 4].map((n) => mailed(n)));
  for (const [n, state] of [
    [2, 'hanging'],
    [3, 'refused'],
    [4, 'sent'],
  ] as const) {
    await bench.notices.claim([mailed(n).key], { id: `lease-${n}`, untilMs: Date.now() + 60_000 });
    const settlement = state === 'sent' ? { state, reference: 'r' } : { state, reason: 'why' };
    await bench.notices.settle(`lease-${n}`, settlement, mailed(n).at);
  }
}, 60_000);
afterAll(() => bench.close());

const listed = async (query = ''): Promise<unknown[]> =>
  ((await bench.send('GET', `/v1/notices${query}`, OPERATOR)).body['items'] as Body[]).map(({ seq, state }) => `${String(seq)} ${String(state)}`);
const retry = (n: number, as = OPERATOR) => bench.send('POST', `/v1/notices/${encodeURIComponent(mailed(n).key)}/retry`, as);

describe('notices on their way', () => {
  it('are shown to operator and supervisor, newest first, by state and need', async () => {
    expect(await listed()).toEqual(['4 sent', '3 refused', '2 hanging', '1 waiting']);
    expect(await listed('?state=hanging')).toEqual(['2 hanging']);
    expect(await listed('?needId=need-a')).toEqual(['2 hanging', '1 waiting']);
    const first = await bench.send('GET', '/v1/notices?limit=3', SUPERVISOR);
    expect(await listed(`?limit=3&cursor=${String(first.body['nextCursor'])}`)).toEqual(['1 waiting']);
  });

  it('are shown without their words and without an address', async () => {
    const { body } = await bench.send('GET', '/v1/notices?state=hanging', OPERATOR);
    expect(body['items']).toEqual([
      {
        ...{ noticeId: mailed(2).key, needId: 'need-a', seq: 2, type: 'NeedClaimed', recipient: 'post/department/住建局', channel: 'email' },
        ...{ state: 'hanging', urgent: false, at: mailed(2).at, sendAt: mailed(2).at, attempts: 1, reason: 'why', settledAt: mailed(2).at },
        ...{ to: { as: 'post', role: 'department', unit: '住建局', id: null }, delivery: 'unknown', toldAt: null, readAt: null, readers: 0 },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/SUBJECT|TEXT/);
  });

  it('are nobody else\u2019s to see or to send again', async () => {
    for (const as of [RESIDENT, COMMUNITY, DEPARTMENT])
      expect(await bench.send('GET', '/v1/notices', as)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await retry(2, SUPERVISOR)).toMatchObject({ status: 403 });
    expect(await bench.send('GET', '/v1/notices?state=lost', OPERATOR)).toMatchObject({ status: 422 });
  });

  it('wait again when the operator says so, if they hang or were refused', async () => {
    expect(await retry(2)).toMatchObject({ status: 200, body: { state: 'waiting', reason: null } });
    expect(await retry(3)).toMatchObject({ status: 200, body: { state: 'waiting' } });
    expect(await listed('?state=waiting')).toEqual(['3 waiting', '2 waiting', '1 waiting']);
    expect(await retry(4)).toMatchObject({ status: 409, body: { code: 'not-retryable' } });
    expect(await retry(9)).toMatchObject({ status: 404, body: { code: 'no-such-notice' } });
  });
});

describe('the directory', () => {
  const put = (body: unknown, as = OPERATOR) => bench.send('PUT', '/v1/directory', as, { body });

  it('is replaced as a whole and shown without keys', async () => {
    expect(await put(EXAMPLE)).toMatchObject({ status: 200, body: { persons: 5, robots: 2 } });
    const shown = await bench.send('GET', '/v1/directory', OPERATOR);
    expect(shown.body['persons']).toEqual(EXAMPLE['persons']);
    expect(shown.body['robots']).toEqual([
      { id: 'zhujian-group', kind: 'wecom', role: 'department', unit: '住建局', url: 'https://robots.example.org' },
      { id: 'ducha-group', kind: 'dingtalk', role: 'supervisor', unit: null, url: 'https://robots.example.org' },
    ]);
    expect(await put({ persons: [], robots: [] })).toMatchObject({ status: 200 });
    expect((await bench.send('GET', '/v1/directory', OPERATOR)).body).toEqual({ persons: [], robots: [], communities: [], units: [] });
  });

  it('is not replaced by whoever has read the one before', async () => {
    const tag = async () => (await bench.send('GET', '/v1/directory', OPERATOR)).headers.get('etag') ?? '';
    const read = await tag();
    const replace = (name: string, behind: string): Promise<Answer> => {
      const body = { persons: [], robots: [], communities: [{ name }], units: [] };
      return bench.send('PUT', '/v1/directory', OPERATOR, { body, headers: { 'if-match': behind } });
    };
    const answers = await Promise.all([replace('甲社区', read), replace('乙社区', read)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({ code: 'directory-changed' });
    const won = answers.find(({ status }) => status === 200);
    expect(won?.headers.get('etag')).toBe(await tag());
    expect(await replace('丙社区', read)).toMatchObject({ status: 412 });
    expect(await replace('丙社区', '"of nobody"')).toMatchObject({ status: 412 });
    expect(await replace('丙社区', await tag())).toMatchObject({ status: 200 });
    expect(await replace('丁社区', '*')).toMatchObject({ status: 200 });
    expect(await put({ persons: [], robots: [] })).toMatchObject({ status: 200 });
  });

  const person = { id: 'a', role: 'department', unit: 'x' };
  const robot = { id: 'r', kind: 'wecom', role: 'department', unit: 'x', url: 'https://robots.example.org' };
  it.each([
    ['an unknown role', { persons: [{ ...person, role: 'mayor' }], robots: [] }, 'persons.0.role'],
    ['a bad address', { persons: [{ ...person, email: 'nobody' }], robots: [] }, 'persons.0.email'],
    ['a bad number', { persons: [{ ...person, phone: 'ring me' }], robots: [] }, 'persons.0.phone'],
    ['two persons of one id', { persons: [person, person], robots: [] }, 'persons'],
    ['a robot of nobody', { persons: [], robots: [{ id: 'r', kind: 'wecom', url: robot.url }] }, 'robots.0.role'],
    ['a robot at no web address', { persons: [], robots: [{ ...robot, url: 'ftp://x' }] }, 'robots.0.url'],
    ['an unknown robot', { persons: [], robots: [{ ...robot, kind: 'slack' }] }, 'robots.0.kind'],
    ['what is not known', { persons: [], robots: [], pagers: [] }, ''],
    ['half of it', { persons: [] }, 'robots'],
  ])('is refused with %s, which is named', async (_, body, path) => {
    const answer = await put(body);
    expect([answer.status, answer.body['code'], (answer.body['errors'] as Body[])[0]?.['path']]).toEqual([422, 'invalid', path]);
  });

  it('is the operator\u2019s', async () => {
    expect(await put(EXAMPLE, SUPERVISOR)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await bench.send('GET', '/v1/directory', DEPARTMENT)).toMatchObject({ status: 403 });
  });
});
