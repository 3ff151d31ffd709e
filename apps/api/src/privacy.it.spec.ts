import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailFact } from '@qiyue/adapters';
import { verifyLedger } from '@qiyue/engine-runtime';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OPERATOR, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';

const WORDS = { description: '张伟家住3号楼', contact: '张伟 13911112222', comment: '张伟说很满意' };
const CENTRE = { actor: 'centre-1', role: 'centre' };

describe('what people write', () => {
  let bench: ApiBench;
  let facts: RecordedFacts;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    facts = new RecordedFacts(bench.engine.db);
    needId = String((await bench.post('/v1/needs', RESIDENT, { ...NEED, ...withoutComment(WORDS) }, 'privacy-1')).body['needId']);
    await bench.post(`/v1/needs/${needId}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' });
    await bench.get(`/v1/needs/${needId}?minSeq=2`, RESIDENT);
  }, 60_000);
  afterAll(async () => {
    await facts.close();
    await bench.close();
  });

  const fieldsSeenBy = async (who: typeof RESIDENT): Promise<unknown[]> => {
    const { body } = await bench.get(`/v1/needs/${needId}`, who);
    return [body['description'], body['contact']];
  };
  const everything = async (): Promise<string> => {
    const collections = await bench.engine.db.collections();
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    return JSON.stringify(documents);
  };
  const recorded = (type: string): Promise<readonly TrailFact[]> => facts.list({ type });

  it('is shown to those whom the reading rules name, and null to all others', async () => {
    for (const who of [RESIDENT, COMMUNITY, SUPERVISOR, CENTRE]) expect(await fieldsSeenBy(who)).toEqual([WORDS.description, WORDS.contact]);
    expect(await fieldsSeenBy(DEPARTMENT)).toEqual([WORDS.description, null]); // it has claimed, and nothing is signed
    for (const who of [NEIGHBOUR, OTHER_DEPARTMENT, OPERATOR]) expect(await fieldsSeenBy(who)).toEqual([null, null]);
  });

  it('lies sealed in every collection', async () => {
    expect(await everything()).not.toMatch(/张伟|13911112222/);
  });

  it('is found by words only by those who may read them', async () => {
    const find = async (who: typeof RESIDENT) =>
      ((await bench.get(`/v1/needs?q=${encodeURIComponent('张伟家')}`, who)).body['items'] as Body[]).length;
    expect([await find(SUPERVISOR), await find(NEIGHBOUR)]).toEqual([1, 0]);
  });

  it('is sealed again when it was typed to look sealed, so that nobody can have another’s words opened', async () => {
    const [record] = await bench.engine.store.stream(needId);
    const stolen = ((JSON.parse(record?.canonical ?? '') as Body)['data'] as Body)['contact'];
    expect(stolen).toMatch(/^sealed:v1:/);
    const made = await bench.post('/v1/needs', NEIGHBOUR, { ...NEED, contact: stolen });
    expect((await bench.get(`/v1/needs/${made.body['needId']}`, NEIGHBOUR)).body['contact']).toBe(stolen);
  });

  it('gives a retried command its answer again, and refuses its key for other words', async () => {
    const again = (changes: object) => bench.post('/v1/needs', RESIDENT, { ...NEED, ...withoutComment(WORDS), ...changes }, 'privacy-1');
    expect(await again({})).toMatchObject({ status: 201, body: { needId } });
    expect(await again({ contact: '13911113333' })).toMatchObject({ status: 422, body: { code: 'key-reused' } });
  });

  it('is sealed beforehand for Kafka, as it would be over HTTP', async () => {
    const { body } = await bench.post('/v1/privacy/sealed-bodies', RESIDENT, { command: 'submit', body: { ...NEED, ...withoutComment(WORDS) } });
    const [record] = await bench.engine.store.stream(needId);
    expect((JSON.parse(record?.canonical ?? '') as Body)['data']).toMatchObject(body['body'] as Body);
    expect(await bench.post('/v1/privacy/sealed-bodies', RESIDENT, { command: 'submit', body: {} })).toMatchObject({ status: 422 });
  });

  it('leaves a record of who was shown it, not of the author’s own looks', async () => {
    const seen = await eventually('the facts', async () => {
      const rows = await recorded('PersonalDataSeen');
      return rows.length >= 4 ? rows : null;
    });
    expect(new Set(seen.map(({ actor }) => actor.id))).toEqual(new Set(['c-1', 'd-1', 's-1', 'centre-1']));
    expect(seen.at(-1)).toMatchObject({ needId, data: { needId, fields: ['contact', 'description'] } });
  });

  it('records who was refused and who asked for what is not theirs', async () => {
    await bench.post(`/v1/needs/${needId}/fund`, OTHER_DEPARTMENT, { amountFen: 100, source: 'department', reference: 'x' }, 'privacy-refused');
    await bench.get('/v1/audit/facts', NEIGHBOUR);
    await bench.send('GET', '/v1/needs', { as: null });
    const [refused] = await eventually('the refusal', async () => {
      const rows = await recorded('CommandRefused');
      return rows.some(({ data }) => (data as Body)['commandId'] === 'privacy-refused') ? rows : null;
    });
    expect(refused).toMatchObject({ actor: { id: 'd-2' }, needId, code: 'not-permitted', data: { command: 'fund', channel: 'http' } });
    const denied = await eventually('the denial', async () => (await recorded('AccessDenied'))[0]);
    expect(denied).toMatchObject({ actor: { id: 'r-2' }, data: { method: 'GET', route: '/v1/audit/facts', code: 'not-permitted' } });
    await eventually('the missing token', async () => (await recorded('TokensRefused'))[0], 10_000);
  });

  it('cannot be opened by anybody once it is erased, and every chain still holds', async () => {
    expect(await bench.post('/v1/privacy/erasures', RESIDENT, { subject: 'r-1' })).toMatchObject({ status: 403 });
    const erased = await bench.post('/v1/privacy/erasures', OPERATOR, { subject: 'r-1' });
    expect(erased).toMatchObject({ status: 200, body: { subject: 'r-1', keyId: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    await eventually('no reader to see it', async () => {
      const seen = await Promise.all([RESIDENT, COMMUNITY, SUPERVISOR].map(fieldsSeenBy));
      return JSON.stringify(seen) === JSON.stringify([RESIDENT, COMMUNITY, SUPERVISOR].map(() => [null, null]));
    });
    const { body } = await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR);
    expect((body['events'] as Body[])[0]).toMatchObject({ data: { contact: null, title: NEED.title }, erased: expect.arrayContaining(['contact']) });
    expect(await verifyLedger(bench.engine.store)).toMatchObject({ ok: true });
    expect(await verifyLedger(facts.ledger)).toMatchObject({ ok: true });
    expect((await recorded('SubjectErased'))[0]).toMatchObject({ actor: { id: 'o-1' }, subject: 'r-1' });
    expect(await bench.post('/v1/privacy/erasures', OPERATOR, { subject: 'r-1' })).toMatchObject({ status: 200, body: { keyId: null } });
  });

  it('says who did what to whoever supervises, by any of the questions', async () => {
    const rows = await bench.get('/v1/audit/facts?subject=r-1', SUPERVISOR);
    expect((rows.body['items'] as Body[]).map(({ type }) => type)).toContain('SubjectErased');
    const page = await bench.get(`/v1/audit/facts?limit=1&needId=${needId}`, SUPERVISOR);
    const next = await bench.get(`/v1/audit/facts?limit=1&needId=${needId}&cursor=${page.body['nextCursor']}`, SUPERVISOR);
    expect((next.body['items'] as Body[])[0]?.['id']).not.toBe((page.body['items'] as Body[])[0]?.['id']);
    expect(await bench.get('/v1/audit/facts?type=nothing', SUPERVISOR)).toMatchObject({ status: 422 });
  });
});

const withoutComment = ({ comment: _, ...words }: typeof WORDS) => words;
