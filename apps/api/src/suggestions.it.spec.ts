import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { needsModel, type NeedMatches, type SimilarNeeds } from '@qiyue/need';
import { eventually } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OTHER_COMMUNITY, RESIDENT, SUPERVISOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';

const ROOF = { ...NEED, title: '楼顶漏水', items: [{ name: '楼顶防水', quantity: 1, unit: '单元' }] };

describe('suggestions about a need over HTTP', () => {
  let bench: ApiBench;
  const ids = new Map<string, string>();
  const idOf = (name: string): string => ids.get(name) ?? '';
  const submit = async (name: string, changes: object): Promise<void> => {
    const { status, body } = await bench.post('/v1/needs', RESIDENT, { ...ROOF, ...changes });
    expect([name, status]).toEqual([name, 201]);
    ids.set(name, String(body['needId']));
  };
  const similarOf = async (name: string, as: typeof RESIDENT, language = 'zh-CN'): Promise<SimilarNeeds['items']> => {
    const { status, body } = await bench.send('GET', `/v1/needs/${idOf(name)}/similar`, { as, headers: { 'accept-language': language } });
    expect(status).toBe(200);
    return (body as unknown as SimilarNeeds).items;
  };
  beforeAll(async () => {
    bench = await ApiBench.create();
    await submit('own', { compound: '泽强苑小区', description: '3号楼顶层渗水' });
    await submit('same', { compound: '泽强苑小区', description: '3号楼顶层渗水' });
    await submit('elsewhere', { compound: '锦绣花园', description: '8号楼的健身器材坏了' });
    await submit('other', { title: '举办法律讲座', items: [{ name: '讲座', quantity: 1, unit: '场' }], kind: 'service' });
    await submit('abroad', { community: '和平社区' });
    for (const id of ids.values()) expect((await bench.get(`/v1/needs/${id}?minSeq=1`, RESIDENT)).status).toBe(200);
  }, 60_000);
  afterAll(() => bench.close());

  it('are those of the same community that are alike, with reasons in the reader’s language', async () => {
    const items = await similarOf('own', COMMUNITY);
    expect(items.map(({ needId }) => needId)).toEqual([idOf('same'), idOf('elsewhere')]);
    expect(items[0]).toMatchObject({ title: '楼顶漏水', stage: 'submitted' });
    expect(items[0]?.reasons).toContainEqual({ code: 'same-compound', text: '同一小区' });
    expect(items[1]?.reasons).toContainEqual({ code: 'other-compound', text: '不是同一小区' });
    expect((await similarOf('own', COMMUNITY, 'en'))[0]?.reasons).toContainEqual({ code: 'same-compound', text: 'The same compound' });
  });

  it('tell nothing of what the reader may not see, not even by their scores', async () => {
    const [first, second] = await similarOf('own', NEIGHBOUR);
    const told = (item: typeof first) => ({ score: item?.score, reasons: item?.reasons });
    expect(new Set([first?.needId, second?.needId])).toEqual(new Set([idOf('same'), idOf('elsewhere')]));
    expect(told(first)).toEqual(told(second));
    expect(JSON.stringify([first, second])).not.toMatch(/小区|渗水|顶层|健身|compound|spot/);
    expect(told((await similarOf('own', OTHER_COMMUNITY))[0])).toEqual(told(first));
    const [own, other] = await similarOf('own', RESIDENT);
    expect(own?.score).toBeGreaterThan(other?.score ?? 1);
  });

  it('go on record as a search where something of somebody else was opened', async () => {
    const facts = new RecordedFacts(bench.engine.db);
    await similarOf('own', SUPERVISOR);
    const [search] = await eventually('the search', async () => {
      const rows = await facts.list({ type: 'PersonalDataSearched' });
      const own = rows.filter(({ actor }) => actor.id === 's-1');
      return own.length > 0 ? own : null;
    });
    expect(search).toMatchObject({ data: { fields: ['compound', 'description'], found: [idOf('own'), idOf('same'), idOf('elsewhere')] } });
    const [look] = await facts.list({ type: 'PersonalDataSeen', entity: idOf('same') });
    expect(look).toMatchObject({ data: { fields: ['compound', 'description'] } });
    const readers = (await facts.list({ type: 'PersonalDataSearched' })).map(({ actor }) => actor.id);
    expect(readers.filter((id) => [NEIGHBOUR.actor, OTHER_COMMUNITY.actor, RESIDENT.actor].includes(id))).toEqual([]);
  });

  it('are departments with their record, once they have one', async () => {
    const matches = async (): Promise<NeedMatches> => (await bench.get(`/v1/needs/${idOf('own')}/matches`, COMMUNITY)).body as unknown as NeedMatches;
    expect(await matches()).toEqual({ units: [], resources: [] });
    await bench.post(`/v1/needs/${idOf('elsewhere')}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' });
    const { units } = await eventually('the claim in the record', async () => {
      const found = await matches();
      return found.units.length > 0 ? found : null;
    });
    expect(units).toMatchObject([
      {
        unit: '住建局',
        reasons: [
          { code: 'topic-record', name: 'roof', claimed: 1, open: 1, done: 0, inTime: 0, satisfied: 0, text: expect.stringContaining('屋顶防水') },
          { code: 'community-record', name: '幸福社区' },
          { code: 'kind-record', name: 'tangible' },
          { code: 'load', open: 1, text: '目前在办 1 件' },
        ],
      },
    ]);
  });

  it('change nothing', async () => {
    const before = await bench.get(`/v1/needs/${idOf('own')}`, RESIDENT);
    for (const question of ['similar', 'matches']) expect((await bench.get(`/v1/needs/${idOf('own')}/${question}`, RESIDENT)).status).toBe(200);
    expect((await bench.get(`/v1/needs/${idOf('own')}`, RESIDENT)).body).toEqual(before.body);
  });

  it('are of a need that there is, without parameters', async () => {
    for (const question of ['similar', 'matches']) {
      const path = `/v1/needs/${'0'.repeat(26)}/${question}`;
      expect(await bench.get(path, RESIDENT)).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect((await bench.get(`/v1/needs/${idOf('own')}/${question}?x=1`, RESIDENT)).status).toBe(422);
    }
  });

  it('look at an index, and at no more than what they take', async () => {
    const plan = await bench.engine.db
      .collection(`${needsModel.name}_1`)
      .find({ 'view.community': '幸福社区', 'view.createdAt': { $lte: '9999' } })
      .sort({ 'view.createdAt': -1 })
      .limit(2)
      .explain('executionStats');
    expect(JSON.stringify(plan['queryPlanner'])).not.toMatch(/COLLSCAN|"SORT"/);
    expect((plan['executionStats'] as { readonly totalDocsExamined: number }).totalDocsExamined).toBe(2);
  });
});
