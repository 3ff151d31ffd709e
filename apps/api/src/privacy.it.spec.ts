import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrailFact } from '@qiyue/audit';
import { ErasureRequests, eraseSubject, RightsSeal } from '@qiyue/edge';
import { KeyFolder, KeysUnavailable } from '@qiyue/privacy';
import { verifyLedger } from '@qiyue/engine-runtime';
import { eventually, sendRequest, type Body } from '@qiyue/testkit';
import { startApi } from './start-api';
import { ApiBench, quiet } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OPERATOR, OTHER_DEPARTMENT, RESIDENT, SECOND_OPERATOR, SUPERVISOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';
import type { Who } from './testing/test-tokens';

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
    expect(seen.at(-1)).toMatchObject({ entity: needId, data: { needId, fields: ['contact', 'description', 'person'] } });
  });

  it('records who was refused and who asked for what is not theirs', async () => {
    await bench.post(`/v1/needs/${needId}/fund`, OTHER_DEPARTMENT, { amountFen: 100, source: 'department', reference: 'x' }, 'privacy-refused');
    await bench.get('/v1/audit/facts', NEIGHBOUR);
    await bench.send('GET', '/v1/needs', { as: null });
    const [refused] = await eventually('the refusal', async () => {
      const rows = await recorded('CommandRefused');
      return rows.some(({ data }) => (data as Body)['commandId'] === 'privacy-refused') ? rows : null;
    });
    expect(refused).toMatchObject({ actor: { id: 'd-2' }, entity: needId, code: 'not-permitted', data: { command: 'fund', channel: 'http' } });
    const denied = await eventually('the denial', async () => (await recorded('AccessDenied'))[0]);
    expect(denied).toMatchObject({ actor: { id: 'r-2' }, data: { method: 'GET', route: '/v1/audit/facts', code: 'not-permitted' } });
    await eventually('the missing token', async () => (await recorded('TokensRefused'))[0], 10_000);
  });

  it('cannot be opened by anybody once it is erased, and every chain still holds', async () => {
    expect(await bench.post('/v1/privacy/erasures', RESIDENT, { subject: 'r-1' })).toMatchObject({ status: 403 });
    const erased = await bench.erase('r-1');
    expect(erased).toMatchObject({ status: 200, body: { subject: 'r-1', keyId: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    await eventually('no reader to see it', async () => {
      const seen = await Promise.all([RESIDENT, COMMUNITY, SUPERVISOR].map(fieldsSeenBy));
      return JSON.stringify(seen) === JSON.stringify([RESIDENT, COMMUNITY, SUPERVISOR].map(() => [null, null]));
    });
    const { body } = await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR);
    expect((body['events'] as Body[])[0]).toMatchObject({ data: { contact: null, title: NEED.title }, erased: expect.arrayContaining(['contact']) });
    expect(await verifyLedger(bench.engine.store)).toMatchObject({ ok: true });
    expect(await verifyLedger(facts.ledger)).toMatchObject({ ok: true });
    expect((await recorded('SubjectErased'))[0]).toMatchObject({
      ...{ actor: { id: 'o-2' }, subject: 'r-1', data: { requestedBy: 'o-1' } },
    });
    expect(await bench.erase('r-1')).toMatchObject({ status: 200, body: { keyId: null } });
  });

  it('says who did what to whoever supervises, by any of the questions', async () => {
    const rows = await bench.get('/v1/audit/facts?subject=r-1', SUPERVISOR);
    expect((rows.body['items'] as Body[]).map(({ type }) => type)).toContain('SubjectErased');
    const ever = await bench.get('/v1/audit/facts?subject=r-1&from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z', SUPERVISOR);
    expect(ever.body['items']).toEqual(rows.body['items']);
    const page = await bench.get(`/v1/audit/facts?limit=1&needId=${needId}`, SUPERVISOR);
    const next = await bench.get(`/v1/audit/facts?limit=1&needId=${needId}&cursor=${page.body['nextCursor']}`, SUPERVISOR);
    expect((next.body['items'] as Body[])[0]?.['id']).not.toBe((page.body['items'] as Body[])[0]?.['id']);
    expect(await bench.get('/v1/audit/facts?type=nothing', SUPERVISOR)).toMatchObject({ status: 422 });
  });
});

describe('an erasure', () => {
  let bench: ApiBench;
  const rights = () => new RightsSeal(new KeyFolder(bench.tokens.keysPath));
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const ask = async (subject: string): Promise<Body> => (await bench.post('/v1/privacy/erasures', OPERATOR, { subject })).body;
  const approve = (erasureId: unknown, as = SECOND_OPERATOR) => bench.post(`/v1/privacy/erasures/${String(erasureId)}/approve`, as, {});
  const contactOf = async (needId: string): Promise<unknown> => (await bench.get(`/v1/needs/${needId}`, SUPERVISOR)).body['contact'];
  const submit = async (who: Who): Promise<string> => String((await bench.post('/v1/needs', who, NEED)).body['needId']);
  const step = async (needId: string, who: Who, command: string, body: object): Promise<void> =>
    expect(await bench.post(`/v1/needs/${needId}/${command}`, who, body)).toMatchObject({ status: 200 });

  it('destroys nothing before another person has approved it', async () => {
    const needId = await submit({ ...RESIDENT, actor: 'r-11' });
    const { erasureId, state } = await ask('r-11');
    expect(state).toBe('pending');
    expect(await approve(erasureId, OPERATOR)).toMatchObject({ status: 403, body: { code: 'second-person' } });
    expect(await approve(erasureId, RESIDENT)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    const { body: key } = await bench.post('/v1/keys', OPERATOR, { name: 'k', role: 'centre', scopes: ['commands'] });
    await bench.post(`/v1/keys/${String(key['keyId'])}/approve`, SECOND_OPERATOR, {});
    const byKey = await sendRequest(`${bench.base}/v1/privacy/erasures/${String(erasureId)}/approve`, 'POST', {
      token: String(key['token']),
      body: {},
    });
    expect(byKey).toMatchObject({ status: 403, body: { code: 'second-person' } }); // a key that the first had made is no second person
    expect(await contactOf(needId)).toBe(NEED.contact);
    expect(await approve(erasureId)).toMatchObject({ status: 200, body: { subject: 'r-11', keyId: expect.any(String) } });
    await eventually('nobody to see it', async () => (await contactOf(needId)) === null);
    expect(await approve(erasureId)).toMatchObject({ status: 409, body: { code: 'not-pending' } });
    expect(await approve('none')).toMatchObject({ status: 404, body: { code: 'no-such-erasure' } });
    expect(await bench.post('/v1/privacy/erasures', OPERATOR, { subject: 'key:handover' })).toMatchObject({ status: 422 });
  });

  it('waits while what the person wrote is in a dispute', async () => {
    const author = { ...RESIDENT, actor: 'r-12' };
    const needId = await submit(author);
    await step(needId, DEPARTMENT, 'claim', { unit: '住建局', plan: 'A' });
    await step(needId, DEPARTMENT, 'fund', { amountFen: 100, source: 'department', reference: 'r' });
    await step(needId, DEPARTMENT, 'complete', { evidence: [{ kind: 'note', text: 't' }] });
    await step(needId, COMMUNITY, 'refuse-works', { reason: '不合格' });
    await bench.get(`/v1/needs/${needId}?minSeq=5`, SUPERVISOR);
    for (const subject of ['r-12', 'd-1', 'c-1']) {
      const { erasureId, holds } = await ask(subject);
      expect([subject, holds]).toEqual([subject, [{ why: 'dispute', needId, reference: null }]]);
      expect(await approve(erasureId)).toMatchObject({ status: 409, body: { code: 'on-hold' } });
    }
    expect(await contactOf(needId)).toBe(NEED.contact);
    await step(needId, DEPARTMENT, 'complete', { evidence: [{ kind: 'note', text: 't' }] });
    await step(needId, COMMUNITY, 'accept', {});
    await bench.get(`/v1/needs/${needId}?minSeq=7`, SUPERVISOR);
    const { body } = await bench.get('/v1/privacy/erasures', SUPERVISOR);
    const waiting = (body['items'] as Body[]).find(({ subject }) => subject === 'r-12');
    expect(waiting).toMatchObject({ state: 'pending', holds: [] });
    expect((await approve(waiting?.['erasureId'])).status).toBe(200);
  });

  it('waits while somebody has ordered so', async () => {
    await submit({ ...RESIDENT, actor: 'r-13' });
    expect((await bench.send('PUT', '/v1/privacy/holds/r-13', { as: SUPERVISOR, body: { reference: '案号 7' } })).status).toBe(204);
    expect((await bench.send('PUT', '/v1/privacy/holds/r-13', { as: OPERATOR, body: { reference: 'x' } })).status).toBe(403);
    const { erasureId, holds } = await ask('r-13');
    expect(holds).toEqual([{ why: 'order', needId: null, reference: '案号 7' }]);
    expect(await approve(erasureId)).toMatchObject({ status: 409, body: { code: 'on-hold' } });
    expect((await bench.send('DELETE', '/v1/privacy/holds/r-13', { as: SUPERVISOR })).status).toBe(204);
    expect((await approve(erasureId)).status).toBe(200);
  });

  it('that a process left half done is finished by the next start, and only then on record as done', async () => {
    const needId = await submit({ ...RESIDENT, actor: 'r-14' });
    const requests = new ErasureRequests(bench.engine.db, rights());
    const { erasureId } = await ask('r-14');
    await requests.approve(String(erasureId), { id: 'o-2', role: 'operator', unit: null }); // killed right behind that
    const facts = new RecordedFacts(bench.engine.db);
    expect(await facts.list({ type: 'SubjectErased', subject: 'r-14' })).toEqual([]);
    const next = await startApi(bench.settings(), quiet, bench.engine.taskQueue);
    await eventually('it to be done', async () => (await requests.get(String(erasureId)))?.state === 'done');
    expect(await facts.list({ type: 'SubjectErased', subject: 'r-14' })).toMatchObject([{ actor: { id: 'o-2' }, data: { requestedBy: 'o-1' } }]);
    await next.stop();
    await facts.close();
    await eventually('nobody to see it', async () => (await contactOf(needId)) === null);
  });

  it('is not recorded while the key still opens', async () => {
    const recorded: string[] = [];
    const key = { keyId: '0'.repeat(32), secret: Buffer.alloc(32) };
    const still = {
      of: () => Promise.resolve(key),
      has: () => Promise.resolve(true),
      byId: () => Promise.resolve(key),
      erase: () => Promise.resolve(key),
      destroy: () => Promise.resolve(false),
      settle: () => Promise.resolve(0),
    };
    const none = { removeOf: () => Promise.resolve(0) };
    const request = {
      ...new ErasureRequests(bench.engine.db, rights()).draft('r-15', { id: 'o-1', role: 'operator', unit: null }),
      approver: { id: 'o-2', role: 'operator', unit: null },
    };
    const erased = eraseSubject(request, {
      ...{ keys: still, inbox: none, notices: none, preferences: none, files: none, directory: { removePerson: () => Promise.resolve(0) } },
      journal: { insist: (_, { type }) => (recorded.push(type), Promise.resolve()) },
      requests: new ErasureRequests(bench.engine.db, rights()),
    });
    await expect(erased).rejects.toThrow(KeysUnavailable);
    expect(recorded).toEqual(['OperatorActed']);
  });
});

const withoutComment = ({ comment: _, ...words }: typeof WORDS) => words;
