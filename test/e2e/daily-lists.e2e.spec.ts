import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, PEOPLE, startSystem, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, neighbour, community, department, otherDepartment } = PEOPLE;

describe('what people ask every day, of the whole system', () => {
  let system: System;
  const ids = { lamp: '', works: '', neighbours: '' };

  const listed = async (query: Readonly<Record<string, string>>, as: Who): Promise<readonly Body[]> => {
    const { status, body } = await system.get(`/v1/needs?${new URLSearchParams(query).toString()}`, as);
    expect([query, status]).toEqual([query, 200]);
    return body['items'] as readonly Body[];
  };
  const idsOf = async (query: Readonly<Record<string, string>>, as: Who): Promise<readonly unknown[]> =>
    (await listed(query, as)).map(({ needId }) => needId);

  beforeAll(async () => {
    system = await startSystem();
    const steps = new Steps(system);
    ids.lamp = await steps.submit({ title: '3号楼楼道灯不亮', compound: '幸福里小区', category: '路灯照明' });
    ids.works = await steps.submit({ title: '门口修一条坡道', items: [{ name: '坡道和灯', quantity: 1, unit: '处' }] });
    const { body } = await system.post('/v1/needs', neighbour, {
      title: '健身器材坏了',
      kind: 'tangible',
      items: [{ name: '器材', quantity: 1, unit: '个' }],
      community: resident.unit,
    });
    ids.neighbours = String(body['needId']);
    await steps.claim(ids.works);
    await steps.does(community, ids.lamp, 'whistle', { units: [otherDepartment.unit] });
    const isSeen = async (): Promise<boolean> => {
      const waiting = [await listed({ waitingFor: 'unit' }, department), await listed({ waitingFor: 'me' }, department)];
      return [...waiting, await listed({ waitingFor: 'me' }, otherDepartment)].map(({ length }) => length).join() === '3,1,1';
    };
    await eventually('all of it to be seen', isSeen);
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  it('“what do I have to do today?” asks a department, and the other one that was called by name', async () => {
    const [todo, ...rest] = await listed({ waitingFor: 'me', sort: 'due' }, department);
    expect([todo?.['needId'], todo?.['waitsFor'], rest]).toEqual([ids.works, [{ who: 'unit', names: [department.unit], what: 'fund' }], []]);
    expect(await idsOf({ waitingFor: 'me' }, otherDepartment)).toEqual([ids.lamp]);
  });

  it('“what waits for my community?”: what was reported leaves the department’s list and enters the community’s', async () => {
    const steps = new Steps(system);
    expect(await idsOf({ waitingFor: 'me' }, community)).toEqual([]);
    await steps.does(department, ids.works, 'fund', { amountFen: 100, source: 'donation', reference: 'r' });
    await steps.does(department, ids.works, 'complete', { evidence: [{ kind: 'photo', text: 't' }] });
    await eventually('the works to wait for their acceptance', async () => (await idsOf({ waitingFor: 'me' }, community)).includes(ids.works));
    expect(await idsOf({ waitingFor: 'me' }, department)).toEqual([]);
    expect(await idsOf({ mine: 'true' }, department)).toEqual([ids.works]);
  });

  it('“what did I report, and how does it stand?” asks a resident whom records know by pseudonyms alone', async () => {
    expect([...(await idsOf({ mine: 'true' }, resident))].sort()).toEqual([ids.lamp, ids.works].sort());
    expect(await idsOf({ author: 'me' }, neighbour)).toEqual([ids.neighbours]);
    expect(await idsOf({ author: resident.actor }, neighbour)).toEqual([]);
    expect(await idsOf({ author: resident.actor, stage: 'submitted' }, community)).toEqual([ids.lamp]);
  });

  it('“find 灯 坡道 in 幸福社区”: every word, in whatever width', async () => {
    expect(await idsOf({ q: '灯 坡道', community: community.unit }, department)).toEqual([ids.works]);
    expect(await idsOf({ q: '３号楼' }, department)).toEqual([ids.lamp]);
    expect(await idsOf({ q: '灯 井盖' }, department)).toEqual([]);
  });

  it('a compound is found by those who may see it, and shown then alone', async () => {
    expect(await listed({ compound: '幸福里小区' }, community)).toMatchObject([{ needId: ids.lamp, compound: '幸福里小区' }]);
    expect(await idsOf({ compound: '幸福里小区' }, neighbour)).toEqual([]);
    expect(await listed({ mine: 'true' }, community)).toMatchObject([{ compound: null }, { compound: null }, { compound: null }]);
  });

  it('“read me the number” on the phone: it is found as it is said, and a slip is told', async () => {
    const [{ number = '' } = {}] = (await listed({ q: '楼道灯' }, department)) as readonly { readonly number?: string }[];
    const byNumber = (given: string) => system.get(`/v1/needs/by-number/${encodeURIComponent(given)}`, department);
    expect((await byNumber(number.toLowerCase().replaceAll('-', ' '))).body).toMatchObject({ items: [{ needId: ids.lamp, number }] });
    const swapped = `${number.slice(0, 8)}${number.charAt(9)}${number.charAt(8)}${number.slice(10)}`;
    const slip = swapped === number ? `${number.slice(0, -1)}?` : swapped;
    expect(await byNumber(slip)).toMatchObject({ status: 422, body: { code: 'number-slip' } });
  });

  it('a list says how many there are and its own address, and is taken away as a table on record', async () => {
    const { body } = await system.get('/v1/needs?sort=due&mine=true&limit=1', resident);
    expect(body).toMatchObject({ total: 2, totalIsBound: false, searchedAll: true, self: '/v1/needs?mine=true&sort=due', items: [{}] });
    const next = await system.get(`/v1/needs?sort=due&mine=true&limit=1&cursor=${String(body['nextCursor'])}`, resident);
    expect(next.body).toMatchObject({ total: null, nextCursor: null, items: [{}] });
    expect((await system.get(`/v1/needs?cursor=${String(body['nextCursor'])}`, resident)).status).toBe(422);
  });
});
