import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InboxStore, NoticeStore } from '@qiyue/edge';
import { actor, post, recipientKey, type Recipient } from '@qiyue/notices';
import { eventually, type Body } from '@qiyue/testkit';
import { RecordedFacts } from './testing/recorded-facts';
import { PastBench } from './testing/past-bench';
import { COMMUNITY, DEPARTMENT, NEIGHBOUR, OPERATOR, OTHER_COMMUNITY, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';
import { NOW, spring } from './testing/spring';
import type { Who } from './testing/test-tokens';

const AUTHORITY: Who = { actor: 'au-1', role: 'authority' };
const LATE = 'd'.padStart(26, '0');
const words = { 'zh-CN': { subject: 'S', text: 'T' }, en: { subject: 'S', text: 'T' } };

let bench: PastBench;
let missed: { readonly seq: number; readonly at: string };
beforeAll(async () => {
  bench = await PastBench.create(NOW);
  const records = await bench.record(spring().d);
  const stepOf = (type: string) => records.find((record) => record.type === type);
  const [late, rung] = [stepOf('DeadlineMissed'), stepOf('Escalated')];
  if (late === undefined || rung === undefined) throw new Error('no ladder');
  missed = { seq: late.seq, at: late.time };
  const base = (seq: number, at: string, type: string, recipient: Recipient, channel: string) => ({
    ...{ key: `${LATE}:${seq}:${recipientKey(recipient)}:${channel}`, entity: LATE, aggregate: 'need', seq, type, recipient, urgent: false, at },
  });
  const inbox = new InboxStore(bench.db);
  await inbox.insert([
    { ...base(late.seq, late.time, 'DeadlineMissed', post('community', '幸福社区'), 'inbox'), words },
    { ...base(late.seq, late.time, 'DeadlineMissed', actor('r-1'), 'inbox'), words },
    { ...base(rung.seq, rung.time, 'Escalated', post('department', null), 'inbox'), words, notBefore: '2025-12-31T00:00:00.000+08:00' },
  ]);
  const mail = { ...base(late.seq, late.time, 'DeadlineMissed', post('community', '幸福社区'), 'email'), channel: 'email' as const };
  const outward = { to: 'c-1', language: 'zh-CN' as const, sendAt: late.time, subject: 'S', text: 'T' };
  const notices = new NoticeStore(bench.db);
  await notices.insert([{ ...mail, ...outward }]);
  await notices.claim([mail.key], { id: 'lease', untilMs: 1 });
  await notices.settle('lease', { state: 'refused', reason: 'smtp 550' }, late.time);
}, 60_000);
afterAll(() => bench.close());

const asked = async (path: string, as: Who): Promise<Body> => {
  const { status, body } = await bench.get(path, as);
  expect([path, status]).toEqual([path, 200]);
  return body;
};
const itemsOf = async (query: string, as: Who): Promise<readonly Body[]> => (await asked(`/v1/needs/${LATE}/notices${query}`, as))['items'] as Body[];
const inShort = ({ seq, channel, recipient, delivery, readAt }: Body) =>
  [Number(seq) - missed.seq, channel, recipient, delivery, readAt === null ? 'unread' : 'read'].join(' ');

describe('who was told of a need', () => {
  it('is shown to a supervisor with way, delivery and whether they read it, the inbox beside the rest', async () => {
    expect((await itemsOf('', SUPERVISOR)).map(inShort).sort()).toEqual(
      [
        '0 inbox post/community/幸福社区 sent unread',
        '0 inbox actor/r-1 sent unread',
        '0 email post/community/幸福社区 failed unread',
        '2 inbox post/department/* waiting unread',
      ].sort(),
    );
  });

  it('says of a post that somebody of it has read, and when, and not who', async () => {
    const { body } = await bench.get('/v1/inbox', COMMUNITY);
    const { noticeId } = (body['items'] as Body[])[0] as Body;
    await bench.send('POST', `/v1/inbox/${encodeURIComponent(String(noticeId))}/read`, COMMUNITY, {});
    const [read] = (await itemsOf('?channel=inbox', SUPERVISOR)).filter(({ readers }) => readers === 1);
    expect(read).toMatchObject({
      to: { as: 'post', role: 'community', unit: '幸福社区', id: null },
      readAt: expect.stringMatching(/^2025-03-12T12/),
    });
    expect(JSON.stringify(read)).not.toContain('c-1');
  });

  it('says so still when the reader has marked it as unread in their own inbox, and read it again', async () => {
    const [{ noticeId }] = (await bench.get('/v1/inbox', COMMUNITY)).body['items'] as readonly [Body];
    const readNow = async () => (await itemsOf('?channel=inbox', SUPERVISOR)).filter(({ readers }) => readers === 1).map(({ readAt }) => readAt);
    const before = await readNow();
    expect(before).toHaveLength(1);
    for (const [state, readAt] of [
      ['unread', null],
      ['unread', null],
      ['read', expect.any(String)],
    ]) {
      const marked = await bench.send('POST', `/v1/inbox/${encodeURIComponent(String(noticeId))}/${String(state)}`, COMMUNITY, {});
      expect(marked).toMatchObject({ status: 200, body: { readAt } });
      expect(await readNow()).toEqual(before);
    }
  });

  it('names a person to those alone who may know who it is', async () => {
    const of = async (as: Who) => (await itemsOf('?channel=inbox', as)).find(({ to }) => (to as Body)['as'] !== 'post');
    expect(await of(SUPERVISOR)).toMatchObject({ recipient: 'actor/r-1', to: { as: 'author', id: 'r-1' } });
    for (const as of [AUTHORITY, OPERATOR]) expect(JSON.stringify(await of(as))).toMatch(/^(?!.*r-1).*"recipient":"author"/);
  });

  it('is for those whom it concerns, and nobody else', async () => {
    for (const as of [SUPERVISOR, AUTHORITY, OPERATOR, COMMUNITY]) expect((await bench.get(`/v1/needs/${LATE}/notices`, as)).status).toBe(200);
    for (const as of [RESIDENT, NEIGHBOUR, OTHER_COMMUNITY, DEPARTMENT, OTHER_DEPARTMENT])
      for (const path of [`/v1/needs/${LATE}/notices`, `/v1/needs/${LATE}/ladder`, `/v1/notices?needId=${LATE}`])
        expect(await bench.get(path, as)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await bench.get(`/v1/needs/${'x'.repeat(26)}/notices`, SUPERVISOR)).toMatchObject({ status: 404 });
  });

  it('is found by step and way, in pages', async () => {
    expect((await itemsOf('?type=Escalated', SUPERVISOR)).map(inShort)).toEqual(['2 inbox post/department/* waiting unread']);
    expect(await itemsOf('?state=refused', SUPERVISOR)).toHaveLength(1);
    const first = await asked(`/v1/needs/${LATE}/notices?limit=3`, AUTHORITY);
    const second = await asked(`/v1/needs/${LATE}/notices?limit=3&cursor=${String(first['nextCursor'])}`, AUTHORITY);
    expect([first, second].map(({ items }) => (items as Body[]).length)).toEqual([3, 1]);
    expect(Buffer.from(String(first['nextCursor']), 'base64url').toString()).not.toContain('r-1');
    expect(second['nextCursor']).toBeNull();
  });

  it('is the same at the list of all notices, with the id beside', async () => {
    const { items } = await asked(`/v1/notices?needId=${LATE}`, COMMUNITY);
    expect((items as Body[]).map(({ needId }) => needId)).toEqual([LATE, LATE, LATE, LATE]);
  });

  it('stands at each step of the ladder that was climbed', async () => {
    const { deadlines } = await asked(`/v1/needs/${LATE}/ladder`, SUPERVISOR);
    const [{ stage, dueAt, steps }] = deadlines as readonly [Body];
    expect([stage, dueAt]).toEqual(['submitted', '2025-03-05T18:00:00.000+08:00']);
    expect((steps as Body[]).map(({ kind, level, name, told }) => [kind, level, name, (told as Body[]).length])).toEqual([
      ['approaching', 0, null, 0],
      ['missed', 0, null, 3],
      ['escalated', 1, '催办', 1],
    ]);
  });

  it('goes on record where it names persons', async () => {
    const recorded = new RecordedFacts(bench.db);
    const facts = await eventually('the look to be on record', async () => {
      const found = await recorded.list({ type: 'PersonalDataSeen' });
      return found.length > 0 && found;
    }).finally(() => recorded.close());
    expect(new Set(facts.map(({ actor: by, entity }) => `${by.role} ${entity === LATE}`))).toEqual(new Set(['supervisor true', 'community true']));
    expect(facts[0]?.data).toMatchObject({ fields: ['person'] });
  });
});
