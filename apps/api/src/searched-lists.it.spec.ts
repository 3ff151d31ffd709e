import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { ROLES } from '@qiyue/platform';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, RESIDENT } from './testing/people';
import type { Who } from './testing/test-tokens';

const YEAR = new Date().getFullYear();
const UNIT = `住建局${randomBytes(4).toString('hex')}`; // a unit's year is the same workflow in all test files
const wes: Who = { ...DEPARTMENT, unit: UNIT };
const CENTRE: Who = { actor: 'cen', role: 'centre', unit: '服务中心' };
/** A word that stands nowhere: every entity has to be looked at. */
const NOWHERE = '查无此词';

describe('a search in the list of every kind', () => {
  let bench: ApiBench;
  const paths = AGGREGATES.map(({ path }) => path);
  const makes = async (path: string, as: Who, body: object): Promise<Body> => {
    const answer = await bench.post(`/v1/${path}`, as, body);
    expect([path, answer.status]).toEqual([path, 201]);
    return answer.body;
  };
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0' });
    const { needId } = await makes('needs', RESIDENT, NEED);
    await makes('unit-years', CENTRE, { unit: UNIT, year: YEAR });
    const terms = { unit: UNIT, community: '幸福社区', year: YEAR, items: [{ title: '安装路灯', kind: 'tangible', quantity: 20, unit: '盏' }] };
    await makes('contracts', wes, {
      ...{ ...terms, duties: { community: ['提供场地'], unit: [] } },
      ...{ startsOn: `${YEAR}-01-01`, endsOn: `${YEAR}-12-31` },
    });
    await makes('resources', wes, { kind: 'place', name: '会议室', quantity: 1, unit: '间' });
    await makes('projects', wes, { title: '路灯安装', unit: UNIT, community: '幸福社区', startsOn: `${YEAR}-03-01`, budgetFen: 1 });
    const plan = { works: '屋面防水', budgetFen: 100_000, from: '2030-09-01', to: '2030-09-20' };
    const roster = [{ room: '101', areaCm2: 985_000, owner: RESIDENT.actor }];
    await makes('decisions', COMMUNITY, { needId, matter: 'other', roster, plan });
    for (const path of paths)
      await eventually(`one of ${path} to be listed`, async () => ((await bench.get(`/v1/${path}`, CENTRE)).body['items'] as Body[]).length > 0);
  }, 120_000);
  afterAll(() => bench.close());

  it.each(ROLES)('is answered for the role %s, as a page and as a table', async (role) => {
    const as: Who = { actor: 'x-1', role, unit: role === 'department' ? UNIT : '幸福社区' };
    for (const reader of [as, { ...as, actor: String(RESIDENT.actor) }])
      for (const path of paths) {
        const query = `/v1/${path}?q=${encodeURIComponent(NOWHERE)}`;
        expect([query, await bench.get(query, reader)]).toEqual([query, expect.objectContaining({ status: 200 })]);
        const table = await fetch(`${bench.base}${query}`, {
          headers: { authorization: `Bearer ${await bench.tokens.mint(reader)}`, accept: 'text/csv' },
        });
        expect([query, table.status, (await table.text()).trim().split('\n').length]).toEqual([query, 200, 1]);
      }
  });

  it.each(AGGREGATES.filter(({ listing }) => listing.isNumbered).map(({ path, idName }) => [path, idName]))(
    'of %s finds one by the number that people say, or by its letters alone',
    async (path, idName) => {
      const [item] = (await bench.get(`/v1/${path}`, CENTRE)).body['items'] as Body[];
      const { [idName]: id, number } = item as Body & { readonly number: string };
      const document = (await bench.get(`/v1/${path}/${String(id)}`, CENTRE)).body;
      expect(document).toMatchObject({ [idName]: id, number });
      const asked = number.toLowerCase().replaceAll('-', ' ');
      expect((await bench.get(`/v1/${path}/by-number/${encodeURIComponent(asked)}`, CENTRE)).body).toMatchObject({
        items: [{ [idName]: id, number }],
      });
      for (const typed of [number, number.slice('240701-'.length)]) {
        const { body } = await bench.get(`/v1/${path}?q=${encodeURIComponent(typed)}`, CENTRE);
        expect([typed, (body['items'] as Body[]).map((found) => found[idName])]).toEqual([typed, [id]]);
      }
    },
  );
});
