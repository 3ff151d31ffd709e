import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ActivationStore } from '@qiyue/edge';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { isPseudonym } from '@qiyue/civic-domain';
import { PSEUDONYMS_SINCE } from '@qiyue/need-domain';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, RESIDENT, SUPERVISOR } from './testing/people';
import type { Who } from './testing/test-tokens';

const CENTRE = { actor: 'centre-1', role: 'centre' };

describe('a county in which rules 3 become active', () => {
  let bench: ApiBench;
  let older: string;
  let followed: string;
  beforeAll(async () => {
    bench = await ApiBench.create({}, PSEUDONYMS_SINCE - 1);
    [older, followed] = [await submit(RESIDENT), await submit(NEIGHBOUR)];
    await new ActivationStore(bench.engine.db).activate('need', PSEUDONYMS_SINCE);
    await eventually('the edge to know it', async () => (await recordsOf(await submit(RESIDENT)))[0]?.rules === PSEUDONYMS_SINCE);
  }, 60_000);
  afterAll(() => bench.close());

  const submit = async (as: Who): Promise<string> => String((await bench.post('/v1/needs', as, NEED)).body['needId']);
  const does = async (as: Who, needId: string, command: string, body: object) =>
    expect(await bench.post(`/v1/needs/${needId}/${command}`, as, body)).toMatchObject({ status: 200 });
  const recordsOf = (needId: string): Promise<readonly RecordBody[]> =>
    eventually('the records', async () => {
      const records = (await bench.engine.store.stream(needId)).map((document) => openRecord(document));
      return records.length > 0 && records;
    });
  const need = async (as: Who, needId: string, minSeq = 1): Promise<Body> => (await bench.get(`/v1/needs/${needId}?minSeq=${minSeq}`, as)).body;

  it('a need of before goes on to work for its author, whom new records name by the pseudonym', async () => {
    expect((await recordsOf(older))[0]).toMatchObject({ actor: { id: 'r-1' }, data: { author: { id: 'r-1' } } });
    expect(await bench.post(`/v1/needs/${older}/amend`, NEIGHBOUR, { title: '更宽的扶手' })).toMatchObject({ status: 403 });
    const key = randomUUID();
    const amended = await bench.post(`/v1/needs/${older}/amend`, RESIDENT, { title: '更宽的扶手' }, key);
    expect(amended).toMatchObject({ status: 200, body: { seq: 2 } });
    expect((await bench.post(`/v1/needs/${older}/amend`, RESIDENT, { title: '更宽的扶手' }, key)).body).toEqual(amended.body);
    const record = (await recordsOf(older)).at(-1);
    expect([isPseudonym(record?.actor.id ?? ''), isPseudonym(record?.commandId ?? ''), record?.rules]).toEqual([true, true, 3]);
    expect(JSON.stringify(record)).not.toMatch(new RegExp(`r-1"|${key}`));
    const seen = (await bench.get(`/v1/needs/${older}/history`, NEIGHBOUR)).body['events'] as Body[];
    expect(seen.map(({ actor }) => (actor as Body)['id'])).toEqual([record?.actor.id, record?.actor.id]); // made in reading, and recorded
    const known = (await bench.get(`/v1/needs/${older}/history`, SUPERVISOR)).body['events'] as Body[];
    expect(known.map(({ actor }) => (actor as Body)['id'])).toEqual(['r-1', 'r-1']);
  });

  it('a need of before is merged into it, or into a new one, without its author’s id', async () => {
    const target = await submit(RESIDENT);
    await does(COMMUNITY, followed, 'merge', { into: target });
    const [adopted, merged] = [(await recordsOf(target)).at(-1), (await recordsOf(followed)).at(-1)];
    expect(adopted).toMatchObject({ type: 'NeedAdopted', data: { followers: [expect.stringMatching(/^p-/)], persons: [expect.any(String)] } });
    expect(merged).toMatchObject({ type: 'NeedMerged', data: { followers: [] } });
    expect((await need(NEIGHBOUR, target, 2))['followers']).toEqual(['r-2']);
    expect((await need(CENTRE, target, 2))['followers']).toEqual(['r-2']);
    expect((await need({ ...NEIGHBOUR, actor: 'r-9' }, target, 2))['followers']).toEqual([expect.stringMatching(/^p-/)]);
    expect(await need(NEIGHBOUR, target, 2)).toMatchObject({ description: NEED.description, contact: null }); // as a follower
  });

  it('a need that began so is its author’s to attach to, to read and to withdraw', async () => {
    const needId = await submit(RESIDENT);
    const attach = async (as: Who) => {
      const headers = { authorization: `Bearer ${await bench.tokens.mint(as)}` };
      return (await fetch(`${bench.base}/v1/needs/${needId}/files`, { method: 'POST', headers, body: Buffer.from('%PDF-1.7 x') })).status;
    };
    expect([await attach(NEIGHBOUR), await attach(RESIDENT)]).toEqual([403, 201]);
    expect(await need(RESIDENT, needId)).toMatchObject({ author: { id: 'r-1' }, contact: NEED.contact });
    const later = (await bench.get(`/v1/needs/${needId}/at?seq=1`, DEPARTMENT)).body;
    expect(later['author']).toEqual({ id: (await recordsOf(needId))[0]?.actor.id, role: RESIDENT.role, unit: RESIDENT.unit });
    expect(await bench.post(`/v1/needs/${needId}/withdraw`, NEIGHBOUR, { reason: 'x' })).toMatchObject({ status: 403 });
    await does(RESIDENT, needId, 'withdraw', { reason: '不需要了' });
  });

  it('nobody knows any more who it was, once they are erased, and who follows is dropped', async () => {
    const gone: Who = { actor: 'r-7', role: 'resident', unit: NEED.community };
    const [source, target] = [await submit(gone), await submit(RESIDENT)];
    const [{ actor } = { actor: null }] = await recordsOf(source);
    expect((await bench.erase('r-7')).status).toBe(200);
    await eventually('nobody to know', async () => ((await need(SUPERVISOR, source))['author'] as Body)['id'] === actor?.id);
    await does(COMMUNITY, source, 'merge', { into: target });
    expect((await need(SUPERVISOR, target, 2))['followers']).toEqual([]);
    await does(gone, await submit(gone), 'withdraw', { reason: '不需要了' }); // they may come again
  });
});
