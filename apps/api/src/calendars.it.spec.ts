import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import type { Actor } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';
import { EntityLife } from '@qiyue/engine-testing';
import type { Body } from '@qiyue/testkit';
import ICAL from 'ical.js';
import { PastBench, tablesUntil } from './testing/past-bench';
import { COMMUNITY, DEPARTMENT, NEIGHBOUR, OPERATOR, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';
import { calledNeeds, NASTY_TITLE, NOW, spring } from './testing/spring';
import type { Who } from './testing/test-tokens';

const WATER_COMMUNITY: Who = { actor: 'c-9', role: 'community', unit: '河东社区' };

let bench: PastBench;
const needs = spring();
const called = calledNeeds();
beforeAll(async () => {
  bench = await PastBench.create(NOW);
  await bench.show(...Object.values(needs), ...Object.values(called));
}, 60_000);
afterAll(() => bench.close());

const subscribed = async (as: Who): Promise<{ readonly feedId: string; readonly path: string }> => {
  const { status, body } = await bench.send('POST', '/v1/calendar-feeds', as, {});
  expect([as.role, status]).toEqual([as.role, 201]);
  return { feedId: String(body['feedId']), path: new URL(String(body['url'])).pathname };
};
/** Read as a calendar app does, without a token, by another library than wrote it. */
const eventsAt = async (path: string) => {
  const answer = await fetch(`${bench.base}${path}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()) as unknown[] as never);
  return calendar.getAllSubcomponents('vevent').map((component) => ({ event: new ICAL.Event(component), component }));
};
const namesOf = (events: Awaited<ReturnType<typeof eventsAt>>) => events.map(({ event }) => event.uid.replace(/^0+/, '').charAt(0)).join('');

describe('a calendar that somebody subscribes to', () => {
  it('shows a department its own deadlines, each half an hour long until it ends', async () => {
    const events = await eventsAt((await subscribed(DEPARTMENT)).path);
    expect(namesOf(events)).toBe('a');
    const { event } = events[0] as (typeof events)[number];
    expect(event.endDate.toJSDate().toISOString()).toBe('2025-03-24T10:00:00.000Z');
    expect(event.duration.toSeconds()).toBe(1_800);
  });

  it('marks what stands still, and gives no alarm for it', async () => {
    const [paused] = await eventsAt((await subscribed(OTHER_DEPARTMENT)).path);
    expect(paused?.event.summary).toMatch(/^【暂停】/);
    expect([paused?.component.getFirstPropertyValue('status'), paused?.component.getAllSubcomponents('valarm')]).toEqual(['TENTATIVE', []]);
  });

  it('shows a community what waits for it, and a resident what they wrote', async () => {
    expect(namesOf(await eventsAt((await subscribed(COMMUNITY)).path))).toBe('eg');
    const own = await eventsAt((await subscribed(RESIDENT)).path);
    expect(namesOf(own)).toBe('debga');
    expect(own.map(({ event }) => event.summary)).toContain(`认领：${NASTY_TITLE}`);
    expect(namesOf(await eventsAt((await subscribed(NEIGHBOUR)).path))).toBe('');
  });

  it.each<Who>([DEPARTMENT, OTHER_DEPARTMENT, COMMUNITY, WATER_COMMUNITY, { ...NEIGHBOUR, unit: '河东社区' }, RESIDENT])(
    'holds whatever waits for its owner and has a date: %j',
    async (as) => {
      const { items } = (await bench.get('/v1/needs?waitingFor=me&limit=100', as)).body as { readonly items: readonly Body[] };
      const waiting = items.filter(({ dueAt }) => dueAt !== null).map(({ needId }) => String(needId));
      const shown = (await eventsAt((await subscribed(as)).path)).map(({ event }) => event.uid.slice(0, 26));
      expect(shown).toEqual(expect.arrayContaining(waiting));
    },
  );

  it('says to whoever was called, or is to say something, what that is', async () => {
    const summaries = async (as: Who) => (await eventsAt((await subscribed(as)).path)).map(({ event }) => event.summary);
    expect(await summaries({ ...DEPARTMENT, unit: '文旅局' })).toEqual(['认领：路面塌陷', '认领：桥栏松动']);
    expect(await summaries(WATER_COMMUNITY)).toEqual(['核实是否紧急：燃气味', '评价：社区自报']);
    expect(await summaries({ ...NEIGHBOUR, unit: '河东社区' })).toEqual(['评价：社区自报']);
  });

  it('is listed without its secret, of which only a hash is kept', async () => {
    const { feedId, path } = await subscribed(DEPARTMENT);
    const secret = path.slice('/calendar/'.length, -'.ics'.length);
    const { body } = await bench.get('/v1/calendar-feeds', DEPARTMENT);
    expect((body['items'] as Body[]).map((feed) => feed['feedId'])).toContain(feedId);
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(JSON.stringify(await bench.db.collection('calendarFeeds').find().toArray())).not.toContain(secret);
  });

  it('is revoked by those whose it is, and by operator and centre; its address is then as good as a wrong one', async () => {
    const { feedId, path } = await subscribed(DEPARTMENT);
    expect(await bench.send('DELETE', `/v1/calendar-feeds/${feedId}`, OTHER_DEPARTMENT)).toMatchObject({
      status: 404,
      body: { code: 'no-such-feed' },
    });
    expect((await bench.send('DELETE', `/v1/calendar-feeds/${feedId}`, { ...DEPARTMENT, actor: 'd-9' })).status).toBe(204);
    const [revoked, wrong] = await Promise.all([path, `/calendar/${'x'.repeat(43)}.ics`].map((at) => bench.get(at, null)));
    expect(revoked).toMatchObject({ status: 404, body: { code: 'no-such-feed' } });
    expect(wrong?.body).toEqual(revoked?.body);
    const other = await subscribed(RESIDENT);
    expect((await bench.send('DELETE', `/v1/calendar-feeds/${other.feedId}`, OPERATOR)).status).toBe(204);
    expect((await bench.get(other.path, null)).status).toBe(404);
  });

  it('is for those who have deadlines of their own, and not for unlimited many', async () => {
    expect(await bench.send('POST', '/v1/calendar-feeds', SUPERVISOR, {})).toMatchObject({ status: 403 });
    const tenth: Who = { ...DEPARTMENT, actor: 'd-3', unit: '交通局' };
    for (let n = 0; n < 20; n += 1) await subscribed(tenth);
    expect(await bench.send('POST', '/v1/calendar-feeds', tenth, {})).toMatchObject({ status: 409, body: { code: 'too-many-feeds' } });
  });

  it('is made for no more than may have one, also by many at once, and none is left out of the list', async () => {
    const eleventh: Who = { ...DEPARTMENT, actor: 'd-4', unit: '水务局' };
    for (let n = 0; n < 18; n += 1) await subscribed(eleventh);
    const made = await Promise.all(Array.from({ length: 12 }, () => bench.send('POST', '/v1/calendar-feeds', eleventh, {})));
    const taken = made.filter(({ status }) => status === 201).length;
    expect(taken).toBeLessThanOrEqual(2);
    const { body } = await bench.send('GET', '/v1/calendar-feeds', eleventh);
    expect(body['items']).toHaveLength(18 + taken);
  });
});

/** As one life of another kind was recorded, in its read model. */
const lives = async (kind: string, nth: number, ...commands: readonly (readonly [Actor, { readonly type: string; readonly data: object }])[]) => {
  const aggregate = AGGREGATES.find(({ decider }) => decider.aggregate === kind);
  if (aggregate === undefined) throw new Error(`no kind ${kind}`);
  const entity = `${kind.charAt(0)}${String(nth).padStart(25, '0')}`;
  const life = new EntityLife(aggregate.decider, { entity, bornAt: '2025-03-10T09:00:00.000+08:00', tables: tablesUntil('2026-12-31') });
  for (const [actor, command] of commands) expect([command.type, life.does(actor, command)]).toEqual([command.type, null]);
  await bench.showOf(aggregate.model as ReadModel<unknown>, life.records);
};

describe('a calendar of every kind', () => {
  const wes: Actor = { id: 'd-8', role: 'department', unit: '民政局' };
  const cora: Actor = { id: 'c-8', role: 'community', unit: '河西社区' };
  const who = ({ id: actor, role, unit }: Actor): Who => ({ actor, role, unit: unit ?? '' });
  const owner: Who = { actor: 'r-8', role: 'resident', unit: '河西社区' };
  const contract = {
    unit: '民政局',
    community: '河西社区',
    year: 2025,
    duties: { community: [], unit: [] },
    startsOn: '2025-03-10',
    endsOn: '2025-12-31',
  };
  const plans = (title: string) => ({
    type: 'plan',
    data: { title, unit: '民政局', community: '河西社区', startsOn: '2025-03-17', endsOn: '2025-04-30' },
  });
  const summariesAt = async (path: string) => (await eventsAt(path)).map(({ event }) => event.summary);

  beforeAll(async () => {
    const items = [{ title: '入户安装扶手', kind: 'tangible' }];
    await lives('contract', 1, [wes, { type: 'propose', data: { ...contract, items } }]);
    await lives('project', 1, [wes, plans('助老项目')], [wes, { type: 'milestone', data: { title: '完成入户评估', dueOn: '2025-03-28' } }]);
    const plan = { works: '更换电梯钢丝绳', budgetFen: 100_000, from: '2025-09-01', to: '2025-09-20' };
    const roster = [{ room: '101', areaCm2: 985_000, owner: owner.actor }];
    const opened = [cora, { type: 'open', data: { needId: 'n1', matter: 'other', roster, plan } }] as const;
    await lives('decision', 1, opened, [cora, { type: 'open-ballot', data: { closesAt: '2025-03-24T18:00:00.000+08:00', channels: ['online'] } }]);
  });

  it('holds what waits for a department, the soonest first: contracts, milestones and ends of projects', async () => {
    const events = await eventsAt((await subscribed(who(wes))).path);
    expect(events.map(({ event }) => event.summary)).toEqual([
      '双方签署：河西社区与民政局2025年度共建契约',
      '节点“完成入户评估”：助老项目',
      '完成项目：助老项目',
    ]);
    expect(events.every(({ component }) => component.getAllSubcomponents('valarm').length === 1)).toBe(true);
  });

  it('holds the ballot that closes, for the community and for an owner on its roster, not for a neighbour', async () => {
    const ballot = '投票：河西社区业主共同决定“更换电梯钢丝绳”';
    expect(await summariesAt((await subscribed(who(cora))).path)).toEqual(expect.arrayContaining([ballot]));
    expect(await summariesAt((await subscribed(owner)).path)).toEqual([ballot]);
    expect(await summariesAt((await subscribed({ ...owner, actor: 'r-7' })).path)).toEqual([]);
  });

  it('is of needs alone where it was made when there were no others', async () => {
    const [both, { path, feedId }] = [await subscribed(DEPARTMENT), await subscribed(DEPARTMENT)];
    await lives('project', 2, [
      { ...wes, unit: '住建局' },
      { ...plans('另一项目'), data: { ...plans('另一项目').data, unit: '住建局' } },
    ]);
    await bench.db.collection<{ readonly _id: string }>('calendarFeeds').updateOne({ _id: feedId }, { $set: { aggregate: 'need' } });
    expect(await summariesAt(both.path)).toContain('完成项目：另一项目');
    expect(namesOf(await eventsAt(path))).toBe('a');
  });

  it('ends with 500 events of all kinds together, and says how many there are', async () => {
    const tables = { ...wes, unit: '文旅局' };
    const many = Array.from({ length: 260 }, (_, nth) => nth + 1_000);
    for (const nth of many) {
      const data = { ...plans('百项').data, unit: '文旅局' };
      await lives('project', nth, [tables, { type: 'plan', data }], [tables, { type: 'milestone', data: { title: '甲', dueOn: '2025-03-28' } }]);
    }
    const events = await eventsAt((await subscribed(who(tables))).path);
    const called = 2; // needs that wait for this unit: see `calledNeeds`
    expect(events).toHaveLength(501);
    expect(events.at(-1)?.event.summary).toContain(`仅显示前 500 项，共 ${260 * 2 + called} 项`);
  }, 60_000);
});

describe('the page that a link leads to', () => {
  const page = async (path: string, language = 'zh-CN') => {
    const answer = await fetch(`${bench.base}${path}`, { headers: { 'accept-language': language } });
    return { status: answer.status, policy: answer.headers.get('content-security-policy') ?? '', text: await answer.text() };
  };
  const needAt = (name: string): string => `/needs/${name.padStart(26, '0')}`;

  it('shows without a token what is public: title, number, stage, whom it waits for, dates', async () => {
    const { status, policy, text } = await page(needAt('a'));
    expect(status).toBe(200);
    expect(text).toMatch(/加装扶手.*编号.*250224-\w{6}-\w.*办理中.*幸福社区.*住建局.*2025年3月24日/s);
    expect(text).not.toContain('r-1');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/);
    expect((await page(needAt('a'), 'en')).text).toMatch(/in the works.*Monday 24 March 2025/s);
  });

  it('escapes whatever a title holds', async () => {
    const { text } = await page(needAt('b'));
    expect(text).toContain(NASTY_TITLE);
    expect(text.match(/<script|<img/)).toBeNull();
  });

  it('says in its reader’s language that there is no such need, and of what is not public how to sign in', async () => {
    expect(await page(`/needs/${'z'.repeat(26)}`)).toMatchObject({ status: 404, text: expect.stringContaining('没有这项需求') });
    expect(await page('/decisions/whatever', 'en')).toMatchObject({ status: 200, text: expect.stringContaining('Please sign in') });
  });
});
