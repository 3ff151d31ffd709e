import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { BUREAU, eventually, NEED_BODY, PEOPLE, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, community, department, supervisor } = PEOPLE;
const COMMUNITY = resident.unit;
const gridWorker: Who = { ...resident, actor: 'grid-7', role: 'grid' };
const centre: Who = { actor: 'centre-1', role: 'centre' };
const operator: Who = { actor: 'operator-1', role: 'operator' };
const OTHER = '城南社区';
const otherCommunity: Who = { ...community, actor: 'clerk-of-the-south', unit: OTHER };
const DAY_MS = 86_400_000;
const LISTED_BOUND_MS = 10_000;
const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Places, and mistakes that people make. Lists communities in the directory: suites behind it may name those alone. */
export const places = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  beforeAll(() => {
    system = running();
    steps = new Steps(system);
  });

  /** Known to the API a second later. */
  const list = async (names: readonly string[]): Promise<Body> => {
    const body = {
      ...{ persons: [], robots: [] },
      communities: names.map((name) => ({ name, shortNames: [name.replace(/社区$/u, '')], compounds: [{ name: '幸福里小区' }] })),
      units: [{ name: BUREAU, shortNames: ['住建'] }],
    };
    const answer = await system.request('PUT', '/v1/directory', { as: operator, body });
    expect(answer.status).toBe(200);
    await eventually('the list of communities', async () => (await submitOf('没有这个社区')).body['code'] === 'unknown-community', LISTED_BOUND_MS);
    return answer.body;
  };
  const submitOf = (name: string) => system.post('/v1/needs', resident, { ...NEED_BODY, community: name });
  const typesOf = async (needId: string): Promise<readonly unknown[]> => (await steps.historyOf(needId)).map(({ type }) => type);

  it('nothing is checked while the directory lists no community, and what was taken then goes on', async () => {
    const needId = await steps.submit({ community: '还没登记的社区' });
    expect(await list([COMMUNITY, OTHER])).toMatchObject({ communities: 2, compounds: 2, units: 1 });
    await steps.claim(needId);
    await steps.does(resident, needId, 'amend', { description: '更正' });
    expect(await typesOf(needId)).toEqual(['NeedSubmitted', 'NeedClaimed', 'NeedAmended']);
  });

  it('a resident’s page asks what there is: names, and no persons', async () => {
    const { status, body } = await system.get('/v1/directory/places', resident);
    expect([status, body]).toEqual([
      200,
      {
        communities: [COMMUNITY, OTHER].map((name) => ({
          ...{ name, shortNames: [name.replace(/社区$/u, '')] },
          compounds: [{ name: '幸福里小区', shortNames: [] }],
        })),
        units: [{ name: BUREAU, shortNames: ['住建'] }],
      },
    ]);
  });

  it('a grid worker mistypes the community and is told the right one, over HTTP and over Kafka', async () => {
    const mistyped = { ...NEED_BODY, community: COMMUNITY.replace('社', '杜') };
    const { status, body } = await system.post('/v1/needs', gridWorker, mistyped);
    expect([status, body]).toMatchObject([422, { code: 'unknown-community', field: 'community' }]);
    expect((body['suggestions'] as readonly string[])[0]).toBe(COMMUNITY);
    const id = randomUUID();
    await system.kafka.send({ id, type: 'submit', data: mistyped, token: await system.token(gridWorker) });
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'dead', code: 'unknown-community' });
    const short = await system.post('/v1/needs', gridWorker, { ...NEED_BODY, community: OTHER.replace('社区', '') });
    expect(short.body).toMatchObject({ code: 'unknown-community', suggestions: [OTHER] });
    await steps.submit({ community: OTHER }, gridWorker);
  });

  it('an author moves a need to a community that there is, whose clerk may act on it from then on', async () => {
    const needId = await steps.submit();
    const wrong = await system.post(`/v1/needs/${needId}/amend`, resident, { community: '城北社区' });
    expect([wrong.status, wrong.body]).toMatchObject([422, { code: 'unknown-community' }]);
    await steps.does(resident, needId, 'amend', { community: OTHER });
    expect((await system.post(`/v1/needs/${needId}/inspect`, community, { notes: '看过了' })).status).toBe(403);
    await steps.does(otherCommunity, needId, 'inspect', { notes: '看过了' });
  });

  it('the centre dispatches a need to a unit, then to another community', async () => {
    const needId = await steps.submit();
    await steps.does(centre, needId, 'dispatch', { unit: BUREAU, answerBy: dayIn(3), reason: '属其职责' });
    expect(await steps.seen(needId, 2)).toMatchObject({ whistle: { reach: 'named', units: [BUREAU] } });
    await steps.does(department, needId, 'report-in', { answer: 'coming' });
    await steps.does(centre, needId, 'dispatch', { community: OTHER });
    expect(await steps.seen(needId, 4)).toMatchObject({ community: OTHER });
    await steps.does(otherCommunity, needId, 'inspect', { notes: '看过了' });
    expect((await system.post(`/v1/needs/${needId}/dispatch`, community, { unit: BUREAU })).status).toBe(403);
  });

  it('a department promises 2042 and is told how far it may; the centre puts a date right that was mistyped', async () => {
    const needId = await steps.submit();
    const claim = { unit: BUREAU, plan: '两周内完工' };
    const { status, body } = await system.post(`/v1/needs/${needId}/claim`, department, { ...claim, promisedBy: '2042-05-01' });
    expect([status, body]).toMatchObject([409, { code: 'bad-promise', facts: { earliest: expect.any(String), latest: expect.any(String) } }]);
    expect((await system.post(`/v1/needs/${needId}/claim`, department, { ...claim, promisedBy: dayIn(-400) })).body['code']).toBe('bad-promise');
    const [meant, mistyped] = [dayIn(10), dayIn(200)];
    await steps.does(department, needId, 'claim', { ...claim, promisedBy: mistyped });
    await steps.does(centre, needId, 'correct', { promisedBy: meant, reason: '月份误填' });
    expect(await steps.seen(needId, 3)).toMatchObject({ promisedBy: `${meant}T23:59:59.999+08:00` });
    const corrected = (await steps.historyOf(needId)).at(-1) as Body;
    expect(corrected).toMatchObject({ type: 'NeedCorrected', data: { was: { promisedBy: `${mistyped}T23:59:59.999+08:00` } } });
  });

  it('what a resident calls an emergency waits for a word, and the community says that it is none', async () => {
    const needId = await steps.submit({ urgency: 'emergency' });
    const called = await steps.seen(needId, 1);
    expect(called).toMatchObject({ urgencyConfirmed: false });
    await steps.does(community, needId, 'confirm-urgency', { urgency: 'normal', reason: '已围挡' });
    const lowered = await steps.seen(needId, 3);
    expect(lowered).toMatchObject({ urgency: 'normal', urgencyConfirmed: null });
    expect(String(lowered['dueAt']) > String(called['dueAt'])).toBe(true);
  });

  it('the centre dispatches to a unit that it has mistyped, and is told which may be meant', async () => {
    const needId = await steps.submit();
    const mistyped = `${BUREAU.slice(0, -1)}居`;
    const { status, body } = await system.post(`/v1/needs/${needId}/dispatch`, centre, { unit: mistyped });
    expect([status, body['unlistedUnits']]).toEqual([200, [{ field: 'unit', unit: mistyped, suggestions: [BUREAU] }]]);
    expect(Object.keys((await system.post(`/v1/needs/${needId}/dispatch`, centre, { unit: BUREAU })).body)).not.toContain('unlistedUnits');
  });

  it('a lamp is reported without a quantity, over HTTP and over Kafka: one is meant', async () => {
    const lamp = { ...NEED_BODY, items: [{ name: '路灯' }, { name: '灯泡', unit: '只' }] };
    const items = [
      { name: '路灯', quantity: 1, unit: '个' },
      { name: '灯泡', quantity: 1, unit: '只' },
    ];
    const posted = await system.post('/v1/needs', resident, lamp);
    expect(posted.status).toBe(201);
    expect(await steps.seen(String(posted.body['needId']), 1)).toMatchObject({ items });
    const id = randomUUID();
    await system.kafka.send({ id, type: 'submit', data: lamp, token: await system.token(resident) });
    const outcome = await steps.outcomeOf(id);
    expect(outcome).toMatchObject({ state: 'accepted' });
    expect((await system.get(`/v1/needs/${String(outcome['needId'])}?minSeq=1`, supervisor)).body).toMatchObject({ items });
  });

  it('the same command sent again is answered as before, though the directory is another', async () => {
    const key = randomUUID();
    const first = await system.post('/v1/needs', resident, NEED_BODY, key);
    await list([OTHER]);
    await eventually('the shorter list', async () => (await submitOf(COMMUNITY)).status === 422, LISTED_BOUND_MS);
    const again = await system.post('/v1/needs', resident, NEED_BODY, key);
    expect([first.status, again.body['needId']]).toEqual([201, first.body['needId']]);
  });
};
