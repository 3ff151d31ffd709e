import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRecord, sealRecord } from '@qiyue/engine';
import { toLedgerDocument, verifyLedger } from '@qiyue/engine-runtime';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';
import type { Who } from './testing/test-tokens';

const PLACE = { lat: 35.60421, lng: 110.97913 };
const COARSE = { lat: 35.6, lng: 110.98 };
const PRIVATE = { ...NEED, description: '张伟家的楼梯', compound: '幸福里小区', location: PLACE, scope: 'private' };
const PSEUDONYM = /^p-[0-9a-f]{20}$/;

describe('what tells about a person', () => {
  let bench: ApiBench;
  let facts: RecordedFacts;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    facts = new RecordedFacts(bench.engine.db);
    needId = await submit();
  }, 60_000);
  afterAll(async () => {
    await facts.close();
    await bench.close();
  });

  const submit = async (body: object = PRIVATE, as: Who = RESIDENT): Promise<string> => {
    const id = String((await bench.post('/v1/needs', as, body)).body['needId']);
    await bench.get(`/v1/needs/${id}?minSeq=1`, as);
    return id;
  };
  const need = async (as: Who, id = needId): Promise<Body> => (await bench.get(`/v1/needs/${id}`, as)).body;
  const history = async (as: Who, id = needId): Promise<readonly Body[]> =>
    (await bench.get(`/v1/needs/${id}/history`, as)).body['events'] as readonly Body[];
  const does = async (as: Who, command: string, body: object, id: string): Promise<void> =>
    void expect([command, (await bench.post(`/v1/needs/${id}/${command}`, as, body)).status]).toEqual([command, 200]);
  /** A need as it was recorded before places were sealed and before there were rules 2. */
  const older = async (change: object = {}): Promise<string> => {
    const id = await submit();
    const [document] = await bench.engine.store.stream(id);
    const { rules: _, ...body } = openRecord(document as never);
    const { exactLocation: __, ...data } = body.data as Body;
    const actor = { id: RESIDENT.actor, role: RESIDENT.role, unit: RESIDENT.unit ?? null };
    const before = { ...data, author: actor, location: PLACE, compound: '旧小区' };
    const record = toLedgerDocument(sealRecord({ ...body, actor, commandId: `older-${id}`, data: { ...before, ...change } }));
    await bench.engine.store.ledger.replaceOne({ _id: record._id }, record);
    return id;
  };

  it('a place is exact for those who see the description, and a kilometre wide for everybody else, on every page', async () => {
    for (const who of [RESIDENT, COMMUNITY, OTHER_DEPARTMENT, SUPERVISOR]) expect((await need(who))['location']).toEqual(PLACE);
    expect((await need(NEIGHBOUR))['location']).toEqual(COARSE);
    expect(((await history(NEIGHBOUR))[0]?.['data'] as Body)['location']).toEqual(COARSE);
    expect(((await history(COMMUNITY))[0]?.['data'] as Body)['location']).toEqual(PLACE);
    const [record] = await bench.engine.store.stream(needId);
    expect(record?.canonical).not.toMatch(/35\.60421|幸福里/);
  });

  it('a place that was recorded before is made coarse in reading', async () => {
    const id = await older();
    const { data, stored } = (await history(NEIGHBOUR, id))[0] as Body;
    expect([(data as Body)['location'], (data as Body)['compound'], stored]).toEqual([COARSE, null, undefined]);
    expect(((await history(COMMUNITY, id))[0]?.['data'] as Body)['location']).toEqual(PLACE);
  });

  it('an amended place leaves nothing of the one before', async () => {
    const id = await submit();
    await does(RESIDENT, 'amend', { location: { lat: 30.12345, lng: 114.5 } }, id);
    expect((await bench.get(`/v1/needs/${id}?minSeq=2`, RESIDENT)).body['location']).toEqual({ lat: 30.12345, lng: 114.5 });
    await does(RESIDENT, 'amend', { location: null }, id);
    expect((await bench.get(`/v1/needs/${id}?minSeq=3`, RESIDENT)).body['location']).toBeNull();
  });

  it('the compound is for those who see the description', async () => {
    expect([(await need(COMMUNITY))['compound'], (await need(NEIGHBOUR))['compound']]).toEqual(['幸福里小区', null]);
    const { body } = await bench.get('/v1/needs', NEIGHBOUR);
    expect(JSON.stringify(body)).not.toMatch(/幸福里|sealed:v1|35\.6|r-1/);
  });

  it('why a resident takes their need back is not for strangers, why an office turns one down is', async () => {
    const [withdrawn, rejected] = [await submit(), await submit()];
    await does(RESIDENT, 'withdraw', { reason: '张伟搬走了' }, withdrawn);
    await does(COMMUNITY, 'reject', { reason: '不属于本社区' }, rejected);
    const of = async (as: Who, id: string) => {
      const shown = (await bench.get(`/v1/needs/${id}?minSeq=2`, as)).body['reason'];
      return [shown, ((await history(as, id))[1]?.['data'] as Body)['reason']];
    };
    expect(await of(NEIGHBOUR, withdrawn)).toEqual([null, null]);
    expect(await of(COMMUNITY, withdrawn)).toEqual(['张伟搬走了', '张伟搬走了']);
    expect(await of(NEIGHBOUR, rejected)).toEqual(['不属于本社区', '不属于本社区']);
  });

  it('strangers know a person by another name in every need, and the person knows themselves', async () => {
    const second = await submit();
    const names = await Promise.all([needId, second].map(async (id) => ((await need(NEIGHBOUR, id))['author'] as Body)['id']));
    expect(names).toEqual([expect.stringMatching(PSEUDONYM), expect.stringMatching(PSEUDONYM)]);
    expect(names[0]).not.toBe(names[1]);
    const [event] = await history(NEIGHBOUR);
    expect([(event?.['actor'] as Body)['id'], ((event?.['data'] as Body)['author'] as Body)['id']]).toEqual([names[0], names[0]]);
    const ids = (await bench.engine.store.commands.find({ entity: needId }).toArray()).map(({ _id }) => _id);
    expect(ids).not.toContain(event?.['commandId']); // out of which, with the person's id, the need's own id was made
    for (const who of [RESIDENT, COMMUNITY, SUPERVISOR]) expect(((await need(who))['author'] as Body)['id']).toBe('r-1');
    await does(RESIDENT, 'amend', { title: '4号楼加装扶手' }, second);
  });

  it('so it is with records of before there were pseudonyms, which hold the id', async () => {
    const id = await older();
    const [[strange], [own]] = [await history(NEIGHBOUR, id), await history(COMMUNITY, id)];
    const names = (event?: Body) => [(event?.['actor'] as Body)['id'], ((event?.['data'] as Body)['author'] as Body)['id']];
    expect(names(strange)).toEqual([expect.stringMatching(PSEUDONYM), names(strange)[0]]);
    expect([names(own), names((await history(RESIDENT, id))[0])]).toEqual([
      ['r-1', 'r-1'],
      ['r-1', 'r-1'],
    ]);
    expect([strange?.['commandId'], own?.['commandId']]).toEqual([expect.stringMatching(PSEUDONYM), `older-${id}`]);
  });

  it('who attached a photo goes by the same other name', async () => {
    const id = await submit();
    const headers = { authorization: `Bearer ${await bench.tokens.mint(RESIDENT)}` };
    const answer = await fetch(`${bench.base}/v1/needs/${id}/files`, { method: 'POST', headers, body: Buffer.from('%PDF-1.7 x') });
    expect(answer.status).toBe(201);
    const by = async (as: Who) => ((await bench.get(`/v1/needs/${id}/files`, as)).body['items'] as Body[])[0]?.['by'];
    expect([await by(RESIDENT), await by(COMMUNITY), await by(OTHER_DEPARTMENT)]).toEqual(['r-1', 'r-1', expect.stringMatching(PSEUDONYM)]);
  });

  it('followers go by their other names, too, but for themselves', async () => {
    const [source, target] = [await submit(NEED, NEIGHBOUR), await submit()];
    await does(COMMUNITY, 'merge', { into: target }, source);
    const followers = async (as: Who) => (await bench.get(`/v1/needs/${target}?minSeq=2`, as)).body['followers'];
    expect(await followers(NEIGHBOUR)).toEqual(['r-2']);
    expect(await followers(COMMUNITY)).toEqual(['r-2']);
    expect(await followers({ ...NEIGHBOUR, actor: 'r-3' })).toEqual([expect.stringMatching(PSEUDONYM)]);
    expect(JSON.stringify(await history({ ...NEIGHBOUR, actor: 'r-3' }, target))).not.toMatch(/r-1|r-2/);
  });

  it('a field that no table names is shown to nobody', async () => {
    const id = await older({ idCard: '14082419800101', nested: { phone: '139' } });
    for (const who of [NEIGHBOUR, SUPERVISOR, RESIDENT]) {
      const [event] = await history(who, id);
      expect(JSON.stringify(event)).not.toMatch(/14082419800101|"139"/);
      expect(event?.['redacted']).toEqual(expect.arrayContaining(['idCard', 'nested']));
    }
  });

  it('streams show no more of it than pages do', async () => {
    const id = await older({ idCard: '14082419800101', contact: '13900001111' });
    const of = async (who: Who): Promise<Body> => {
      const headers = { authorization: `Bearer ${await bench.tokens.mint(who)}`, accept: 'text/event-stream' };
      const answer = await fetch(`${bench.base}/v1/events`, { headers });
      const reader = answer.body?.getReader();
      for (let text = ''; ;) {
        const part = await reader?.read();
        if (part?.value === undefined) break;
        text += Buffer.from(part.value).toString('utf8');
        const line = text
          .split('\n')
          .slice(0, -1)
          .find((each) => each.startsWith('data: ') && each.includes(`"${id}:1"`));
        if (line === undefined) continue;
        await reader?.cancel();
        return JSON.parse(line.slice('data: '.length)) as Body;
      }
      throw new Error('the stream ended');
    };
    const event = await of(NEIGHBOUR);
    expect(event).toMatchObject({
      actorid: expect.stringMatching(PSEUDONYM),
      data: { location: COARSE, contact: null, idCard: null, compound: null },
    });
    expect(JSON.stringify(event)).not.toMatch(/14082419800101|13900001111|r-1|35\.60421/);
    expect(String(event['redacted']).split(',')).toEqual(expect.arrayContaining(['contact', 'idCard', 'location', 'persons', 'actorid']));
    expect(await of(SUPERVISOR)).toMatchObject({ actorid: 'r-1', data: { location: PLACE } });
  });

  it('a search in sealed words is a look, and says which needs it found', async () => {
    await submit({ ...PRIVATE, title: '无关', description: '别的事' });
    const found = (await bench.get(`/v1/needs?q=${encodeURIComponent('张伟家的楼梯')}`, SUPERVISOR)).body['items'] as Body[];
    expect(found.map(({ needId: id }) => id)).toContain(needId);
    const [search] = await eventually('the search', async () => {
      const rows = await facts.list({ type: 'PersonalDataSearched' });
      return rows.length > 0 ? rows : null;
    });
    expect(search).toMatchObject({ actor: { id: 's-1' }, data: { fields: ['description', 'compound'], found: expect.arrayContaining([needId]) } });
    expect(JSON.stringify(search)).not.toContain('张伟');
    const [look] = await facts.list({ type: 'PersonalDataSeen', entity: needId });
    expect(look).toMatchObject({ data: { fields: ['description', 'compound'] } });
    const before = (await facts.list({ type: 'PersonalDataSearched' })).length;
    await bench.get('/v1/needs?q=扶手', SUPERVISOR); // a word of the list opens nothing of those that have it
    await bench.get(`/v1/needs?q=${encodeURIComponent('张伟家的楼梯')}`, { ...NEIGHBOUR, actor: 'r-9' }); // who may read none opens none
    const after = (await facts.list({ type: 'PersonalDataSearched' })).filter(({ actor }) => actor.id === 'r-9');
    expect([before, after.length]).toEqual([before, 0]);
  });

  describe('the contact', () => {
    let id: string;
    const contact = async (as: Who): Promise<unknown> => (await bench.get(`/v1/needs/${id}`, as)).body['contact'];
    const until = (as: Who, value: unknown) => eventually(`${as.actor} to see ${String(value)}`, async () => (await contact(as)) === value || null);
    const HELPER: Who = { actor: 'd-3', role: 'department', unit: '民政局' };
    beforeAll(async () => {
      id = await submit();
      await does(DEPARTMENT, 'claim', { unit: '住建局', plan: 'A', helpers: ['民政局'] }, id);
      await bench.get(`/v1/needs/${id}?minSeq=2`, RESIDENT);
    });

    it('does not open by claiming', async () => {
      expect([await contact(DEPARTMENT), await contact(HELPER), await contact(OTHER_DEPARTMENT)]).toEqual([null, null, null]);
    });

    it('opens to the lead when both have signed, and to a helper only once it has joined', async () => {
      await does(DEPARTMENT, 'sign', {}, id);
      await does(COMMUNITY, 'sign', {}, id);
      await until(DEPARTMENT, NEED.contact);
      expect(await contact(HELPER)).toBeNull();
      await does(HELPER, 'join', {}, id);
      await until(HELPER, NEED.contact);
      expect((await bench.get(`/v1/needs/${id}`, NEIGHBOUR)).body).toMatchObject({ helpers: ['民政局'], joined: ['民政局'], contact: null });
    });

    it('opens to a unit that the author shares it with, and to nobody by anybody else', async () => {
      expect((await bench.post(`/v1/needs/${id}/share-contact`, DEPARTMENT, { unit: '水利局' })).status).toBe(403);
      expect(await contact(OTHER_DEPARTMENT)).toBeNull();
      await does(RESIDENT, 'share-contact', { unit: '水利局' }, id);
      await until(OTHER_DEPARTMENT, NEED.contact);
      expect(await bench.post(`/v1/needs/${id}/share-contact`, RESIDENT, { unit: '水利局' })).toMatchObject({
        status: 409,
        body: { code: 'already-shared' },
      });
    });

    it('can be corrected by its author after the claim', async () => {
      await does(RESIDENT, 'amend', { contact: '13912345678' }, id);
      await until(COMMUNITY, '13912345678');
      expect((await bench.post(`/v1/needs/${id}/amend`, RESIDENT, { title: '别的' })).status).toBe(409);
    });
  });

  it('every chain still holds that nobody wrote into by hand', async () => {
    expect(await verifyLedger(bench.engine.store)).toBeDefined();
  });
});
