import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Body } from '@qiyue/testkit';
import { InboxBench, minute, toldTo } from './testing/inbox-bench';
import { DEPARTMENT, OPERATOR, OTHER_DEPARTMENT, RESIDENT } from './testing/people';
import type { Who } from './testing/test-tokens';

const COLLEAGUE: Who = { ...DEPARTMENT, actor: 'd-9' };

let bench: InboxBench;
beforeAll(async () => {
  bench = await InboxBench.create();
  const forResident = { ...toldTo('x', null, 20), key: 'need:20:actor/r-1:inbox', recipient: { kind: 'actor' as const, id: 'r-1' } };
  const all = [1, 2, 3, 4, 5].map((n) => toldTo('department', '住建局', n));
  await bench.inbox.insert([...all, toldTo('department', null, 6), toldTo('department', '水利局', 7), forResident]);
  await bench.inbox.insert(all); // a second time changes nothing
}, 60_000);
afterAll(() => bench.close());

const page = async (as: Who, query = ''): Promise<Body> => {
  const { status, body } = await bench.send('GET', `/v1/inbox${query}`, as);
  expect(status).toBe(200);
  return body;
};
const seqs = ({ items }: Body): unknown[] => (items as Body[]).map(({ seq }) => seq);
const mark = (as: Who, n: number, what: string, of = '住建局') =>
  bench.send('POST', `/v1/inbox/${encodeURIComponent(toldTo('department', of, n).key)}/${what}`, as);

describe('the inbox', () => {
  it('shows what is addressed to the reader, to their post and to all of their role, newest first', async () => {
    expect(seqs(await page(DEPARTMENT))).toEqual([6, 5, 4, 3, 2, 1]);
    expect(seqs(await page(OTHER_DEPARTMENT))).toEqual([7, 6]);
    expect(seqs(await page(RESIDENT))).toEqual([20]);
    expect(await page(OPERATOR)).toEqual({ items: [], nextCursor: null, unread: 0 });
  });

  it('speaks the reader\u2019s language', async () => {
    const english = await bench.send('GET', '/v1/inbox?limit=1', DEPARTMENT, { headers: { 'accept-language': 'en' } });
    expect((english.body['items'] as Body[])[0]).toEqual({
      ...{ noticeId: 'need:6:post/department/*:inbox', needId: 'need', seq: 6, type: 'NeedClaimed', title: 'Title 6', text: 'Text 6' },
      ...{ urgent: false, at: minute(6), readAt: null, archivedAt: null, asks: null },
    });
    expect((await page(DEPARTMENT, '?limit=1'))['items']).toEqual([expect.objectContaining({ title: '标题6', text: '正文6' })]);
  });

  it('goes on from page to page', async () => {
    const first = await page(DEPARTMENT, '?limit=4');
    const second = await page(DEPARTMENT, `?limit=4&cursor=${String(first['nextCursor'])}`);
    expect([seqs(first), seqs(second), second['nextCursor']]).toEqual([[6, 5, 4, 3], [2, 1], null]);
  });

  it.each(['?state=new', '?limit=0', '?limit=101', '?cursor=x', '?unit=x'])('refuses %s', async (query) => {
    expect(await bench.send('GET', `/v1/inbox${query}`, DEPARTMENT)).toMatchObject({ status: 422, body: { code: 'invalid' } });
  });

  it('is read and archived by each reader for themselves', async () => {
    expect(await mark(DEPARTMENT, 1, 'read')).toMatchObject({ status: 200, body: { seq: 1, readAt: expect.any(String), archivedAt: null } });
    await mark(DEPARTMENT, 2, 'archive');
    await bench.send('POST', `/v1/inbox/${encodeURIComponent('need:6:post/department/*:inbox')}/read`, DEPARTMENT);
    expect(seqs(await page(DEPARTMENT, '?state=unread'))).toEqual([5, 4, 3]);
    expect(seqs(await page(DEPARTMENT, '?state=read'))).toEqual([6, 1]);
    expect(seqs(await page(DEPARTMENT, '?state=archived'))).toEqual([2]);
    expect((await page(DEPARTMENT))['unread']).toBe(3);
    expect((await page(COLLEAGUE))['unread']).toBe(6);
    expect((await page(OTHER_DEPARTMENT))['unread']).toBe(2);
  });

  it('keeps the time at which something was read first, and forgets it when it is not read any more', async () => {
    const first = (await mark(COLLEAGUE, 3, 'read')).body['readAt'];
    expect((await mark(COLLEAGUE, 3, 'read')).body['readAt']).toBe(first);
    expect((await mark(COLLEAGUE, 3, 'archive')).body).toMatchObject({ readAt: first, archivedAt: expect.any(String) });
    expect((await mark(COLLEAGUE, 3, 'unread')).body).toMatchObject({ readAt: null, archivedAt: null });
  });

  it('knows only one\u2019s own', async () => {
    expect(await mark(OTHER_DEPARTMENT, 1, 'read')).toMatchObject({ status: 404, body: { code: 'no-such-notice' } });
    expect(await mark(RESIDENT, 1, 'archive')).toMatchObject({ status: 404 });
    expect(await mark(DEPARTMENT, 99, 'read')).toMatchObject({ status: 404 });
    expect(await bench.send('POST', '/v1/inbox/x/read', DEPARTMENT, { body: { all: true } })).toMatchObject({ status: 422 });
  });
});

describe('preferences', () => {
  const off = [{ type: 'NeedClaimed', channel: 'email' }];

  it('begin with everything on, and name what stays so', async () => {
    const { body } = await bench.send('GET', '/v1/preferences', DEPARTMENT);
    expect(body).toMatchObject({ off: [], when: 'office-hours' });
    expect(body['cannotBeOff']).toEqual(
      expect.arrayContaining([
        { type: 'DeadlineMissed', channel: 'email' },
        { type: 'NeedClaimed', channel: 'inbox' },
      ]),
    );
  });

  it('are each person\u2019s own', async () => {
    expect(await bench.send('PUT', '/v1/preferences', DEPARTMENT, { body: { off, when: 'always' } })).toMatchObject({ status: 200, body: { off } });
    expect((await bench.send('GET', '/v1/preferences', DEPARTMENT)).body).toMatchObject({ off, when: 'always' });
    expect((await bench.send('GET', '/v1/preferences', COLLEAGUE)).body).toMatchObject({ off: [] });
  });

  it.each([
    ['the inbox', DEPARTMENT, { type: 'NeedClaimed', channel: 'inbox' }, 422],
    ['an escalation', RESIDENT, { type: 'Escalated', channel: 'email' }, 422],
    ['a missed deadline, of a department', DEPARTMENT, { type: 'DeadlineMissed', channel: 'sms' }, 422],
    ['a missed deadline, of a resident', RESIDENT, { type: 'DeadlineMissed', channel: 'sms' }, 200],
  ])('and %s', async (_, as, asked, status) => {
    const answer = await bench.send('PUT', '/v1/preferences', as, { body: { off: [asked] } });
    expect([answer.status, answer.body['code']]).toEqual([status, status === 422 ? 'cannot-be-off' : undefined]);
  });

  it.each([{}, { off: [{ type: 'ResidentEvaluated', channel: 'email' }] }, { off: [{ type: 'NeedClaimed', channel: 'fax' }] }, { off, quiet: true }])(
    'refuse %j',
    async (body) => {
      expect(await bench.send('PUT', '/v1/preferences', DEPARTMENT, { body })).toMatchObject({ status: 422, body: { code: 'invalid' } });
    },
  );
});
