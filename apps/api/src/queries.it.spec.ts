import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex, canonicalJson } from '@qiyue/engine';
import { needsModel } from '@qiyue/need';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OPERATOR, OTHER_COMMUNITY, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';

const PAST = '2020-01-01T00:00:00.000+08:00';

describe('queries over HTTP', () => {
  let bench: ApiBench;
  const ids: string[] = [];
  beforeAll(async () => {
    bench = await ApiBench.create();
    for (let i = 0; i < 7; i += 1) {
      const changes = { title: `需求 ${i} (100%)`, community: i < 5 ? '幸福社区' : '和平社区', kind: i % 2 === 0 ? 'tangible' : 'service' };
      ids.push(String((await bench.post('/v1/needs', RESIDENT, { ...NEED, ...changes })).body['needId']));
    }
    await bench.post(`/v1/needs/${ids[0]}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' });
    await bench.get(`/v1/needs/${ids[0]}?minSeq=2`, RESIDENT);
    await bench.get(`/v1/needs/${ids[6]}?minSeq=1`, RESIDENT);
  }, 60_000);
  afterAll(() => bench.close());

  const listed = async (query: string): Promise<unknown[]> => {
    const { body, status } = await bench.get(`/v1/needs?${query}`, RESIDENT);
    expect([query, status]).toEqual([query, 200]);
    return (body['items'] as Body[]).map(({ needId }) => needId);
  };
  const newestFirst = (...indexes: number[]) => indexes.map((i) => ids[i]);

  it('lists newest first and filters', async () => {
    expect(await listed('')).toEqual(newestFirst(6, 5, 4, 3, 2, 1, 0));
    expect(await listed('stage=claimed')).toEqual(newestFirst(0));
    expect(await listed('status=waiting&kind=service')).toEqual(newestFirst(5, 3, 1));
    expect(await listed(`unit=${encodeURIComponent('住建局')}`)).toEqual(newestFirst(0));
    expect(await listed(`community=${encodeURIComponent('和平社区')}`)).toEqual(newestFirst(6, 5));
    expect(await listed(`q=${encodeURIComponent('求 3 (100%)')}`)).toEqual(newestFirst(3));
    expect(await listed(`q=${encodeURIComponent('老人上下')}&limit=2`)).toEqual(newestFirst(6, 5));
    expect(await listed('q=.*')).toEqual([]);
    expect(await listed('overdue=true')).toEqual([]);
    expect(await listed('overdue=false')).toHaveLength(7);
  });

  it('finds a need by the letters of its number, with or without the check letter, beside other words', async () => {
    const { number } = (await bench.get(`/v1/needs/${ids[3]}`, RESIDENT)).body;
    const [, code, check] = String(number).split('-') as [string, string, string];
    for (const q of [code, code.toLowerCase(), `${code}-${check}`, `${code}${check}`.toLowerCase(), `求 ${code}`, String(number)])
      expect([q, await listed(`q=${encodeURIComponent(q)}`)]).toEqual([q, newestFirst(3)]);
    for (const q of [code.slice(0, 5), `${code}-${check === 'A' ? 'C' : 'A'}`, `楼宇 ${code}`])
      expect([q, await listed(`q=${encodeURIComponent(q)}`)]).toEqual([q, []]);
  });

  it('finds what is overdue', async () => {
    const model = bench.engine.db.collection<{ _id: string }>(`${needsModel.name}_1`);
    await model.updateOne({ _id: ids[2] as string }, { $set: { 'view.dueAt': PAST, 'keys.due': PAST } });
    expect(await listed('overdue=true')).toEqual(newestFirst(2));
    expect(await listed('overdue=false')).not.toContain(ids[2]);
  });

  it('pages by a cursor that newcomers do not disturb', async () => {
    const first = await bench.get('/v1/needs?limit=3', RESIDENT);
    const added = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
    await bench.get(`/v1/needs/${added}?minSeq=1`, RESIDENT);
    const second = await bench.get(`/v1/needs?limit=3&cursor=${first.body['nextCursor']}`, RESIDENT);
    const third = await bench.get(`/v1/needs?limit=3&cursor=${second.body['nextCursor']}`, RESIDENT);
    const seen = [first, second, third].flatMap(({ body }) => (body['items'] as Body[]).map(({ needId }) => needId));
    expect(seen).toEqual(newestFirst(6, 5, 4, 3, 2, 1, 0));
    expect(third.body['nextCursor']).toBeNull();
  });

  it('waits for a seq that is on its way and says so when it does not come', async () => {
    const { body } = await bench.post('/v1/needs', RESIDENT, NEED);
    expect((await bench.get(`/v1/needs/${body['needId']}?minSeq=1`, RESIDENT)).status).toBe(200);
    const never = await bench.get(`/v1/needs/${body['needId']}?minSeq=9`, RESIDENT);
    expect([never.status, never.body['code'], never.headers.get('retry-after')]).toEqual([503, 'not-yet-visible', '1']);
  });

  it('shows a need that the read model has not seen yet, from the ledger', async () => {
    const needId = ids[1] as string;
    const model = bench.engine.db.collection<{ _id: string }>(`${needsModel.name}_1`);
    const before = await model.findOne({ _id: needId });
    await model.deleteOne({ _id: needId });
    const { status, body } = await bench.get(`/v1/needs/${needId}`, RESIDENT);
    await model.insertOne(before as { _id: string });
    const { light, number, waitsFor, ...need } = body;
    expect([number, waitsFor]).toEqual([expect.stringMatching(/^\d{6}-\w{6}-\w$/), [{ who: 'unit', names: [], what: 'claim' }]]);
    const { contact, description, author, exactLocation: _, ...open } = (before as unknown as { view: Body }).view as Body;
    expect([contact, description]).toEqual([expect.stringMatching(/^sealed:v1:/), expect.stringMatching(/^sealed:v1:/)]);
    const { actor: id, role, unit } = RESIDENT;
    expect(author).toEqual({ id: expect.stringMatching(/^p-/), role, unit, person: expect.stringMatching(/^sealed:v1:/) });
    expect([status, need]).toEqual([200, { ...open, author: { id, role, unit }, contact: NEED.contact, description: NEED.description }]);
    expect(light).toBeDefined();
  });

  it('gives a history whose hashes anyone can check', async () => {
    const { body } = await bench.get(`/v1/needs/${ids[0]}/history`, SUPERVISOR);
    let prevHash = '0'.repeat(64);
    for (const { hash, stored, storedActor, ...event } of body['events'] as Body[]) {
      expect(event['prevHash']).toBe(prevHash);
      const recorded = { ...event, actor: storedActor ?? event['actor'], data: stored ?? event['data'] };
      expect(sha256Hex(canonicalJson({ v: 1, aggregate: 'need', entity: ids[0], ...recorded }))).toBe(hash);
      prevHash = String(hash);
    }
  });

  it('tells how a need was, by seq and by time', async () => {
    const path = `/v1/needs/${ids[0]}`;
    const now = await bench.get(path, SUPERVISOR);
    const { body } = await bench.get(`${path}/history`, SUPERVISOR);
    const [submitted, claimed] = body['events'] as { time: string }[];
    expect((await bench.get(`${path}/at?seq=2`, SUPERVISOR)).body).toEqual(now.body);
    expect((await bench.get(`${path}/at?time=${claimed?.time}`, SUPERVISOR)).body).toEqual(now.body);
    expect((await bench.get(`${path}/at?time=${encodeURIComponent(submitted?.time ?? '')}`, SUPERVISOR)).body).toMatchObject({
      seq: 1,
      stage: 'submitted',
    });
    for (const [moment, detail] of [
      ['seq=3', /seq 2/],
      ['time=2020-01-01T00:00:00Z', /尚不存在/],
    ] as const) {
      const answer = { status: 404, body: { code: 'no-such-state', detail: expect.stringMatching(detail) } };
      expect(await bench.get(`${path}/at?${moment}`, SUPERVISOR)).toMatchObject(answer);
    }
  });

  it('shows no history out of records that do not fit each other, and says that an operator has to look', async () => {
    const { ledger, db } = bench.engine.store;
    const _id = `${ids[0]}:1`;
    const sound = await ledger.findOne({ _id });
    await ledger.updateOne({ _id }, { $set: { canonical: '{' } });
    for (const page of ['history', 'at?seq=1', 'changes?from=1&to=2'])
      expect(await bench.get(`/v1/needs/${ids[0]}/${page}`, SUPERVISOR)).toMatchObject({ status: 503, body: { code: 'history-unsound' } });
    expect(await db.collection<{ _id: string }>('incidents').findOne({ _id: `ledger-unsound:${ids[0]}` })).toMatchObject({ seq: 1 });
    await ledger.replaceOne({ _id }, sound as NonNullable<typeof sound>);
    expect((await bench.get(`/v1/needs/${ids[0]}/history`, SUPERVISOR)).status).toBe(200);
  });

  it('shows the contact only to those who need it, on every page that holds it', async () => {
    const pages = [`/v1/needs/${ids[0]}`, `/v1/needs/${ids[0]}/at?seq=1`, `/v1/needs/${ids[0]}/history`];
    const sees = async (as: typeof RESIDENT) =>
      (await Promise.all(pages.map((page) => bench.get(page, as)))).map(({ body }) => JSON.stringify(body).includes(NEED.contact));
    for (const who of [RESIDENT, COMMUNITY, SUPERVISOR]) expect([who.role, await sees(who)]).toEqual([who.role, [true, true, true]]);
    for (const who of [NEIGHBOUR, OTHER_COMMUNITY, DEPARTMENT, OTHER_DEPARTMENT, OPERATOR])
      expect([who.actor, await sees(who)]).toEqual([who.actor, [false, false, false]]);
  });

  it('counts needs per stage, community and unit', async () => {
    const stages = await eventually('all needs counted', async () => {
      const { body } = await bench.get('/v1/stats/stages', SUPERVISOR);
      return body['total'] === 9 ? body : null;
    });
    expect(stages['stages']).toMatchObject({ submitted: 8, claimed: 1, funded: 0, merged: 0 });
    const { body } = await bench.get('/v1/stats/counts', SUPERVISOR);
    expect(body).toMatchObject({
      total: 9,
      units: [{ unit: '住建局', count: 1 }],
      communities: [
        { community: '幸福社区', count: 7 },
        { community: '和平社区', count: 2 },
      ],
    });
  });

  it('knows no command that nobody sent', async () => {
    expect(await bench.get('/v1/commands/nobody-sent-this', RESIDENT)).toMatchObject({ status: 404, body: { code: 'no-such-command' } });
  });
});
