import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyStore, KEY_LIFE_MAX_MS, RightsSeal, SCOPES, type Scope } from '@qiyue/edge';
import { KeyFolder } from '@qiyue/privacy';
import { sendRequest, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { RecordedFacts } from './testing/recorded-facts';
import { NEED, OPERATOR, RESIDENT, SECOND_OPERATOR, SUPERVISOR } from './testing/people';

const DEPARTMENT_KEY = { name: '住建局系统', role: 'department', unit: '住建局', scopes: ['read', 'commands'] };

const SECRET_AT = 'qk_0123456789abcdef_'.length;

describe('keys of services', () => {
  let bench: ApiBench;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
  }, 60_000);
  afterAll(() => bench.close());

  const rights = () => new RightsSeal(new KeyFolder(bench.tokens.keysPath));
  type Made = { readonly token: string; readonly keyId: string; readonly state: string; readonly expiresAt: string };
  const create = async (body: object, status = 201): Promise<Made> => {
    const made = await bench.post('/v1/keys', OPERATOR, body);
    expect(made.status).toBe(status);
    return made.body as never;
  };
  const approve = (keyId: string, as = SECOND_OPERATOR): Promise<Answer> => bench.post(`/v1/keys/${keyId}/approve`, as, {});
  const looks = async (token: string): Promise<number> => (await ask(token, 'GET', '/v1/needs?limit=1')).status;
  const ask = (token: string, method: string, path: string, body?: object): Promise<Answer> =>
    sendRequest(`${bench.base}${path}`, method, { token, ...(body === undefined ? {} : { body }) });

  it('let a department’s system act for its unit, under a name of its own', async () => {
    const { token, keyId } = await create(DEPARTMENT_KEY, 202);
    expect((await approve(keyId)).status).toBe(200);
    expect(token).toMatch(/^qk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(await ask(token, 'POST', `/v1/needs/${needId}/claim`, { unit: '水利局', plan: 'p' })).toMatchObject({ status: 403 });
    expect(await ask(token, 'POST', `/v1/needs/${needId}/claim`, { unit: '住建局', plan: 'p' })).toMatchObject({ status: 200 });
    const [, claimed] = (await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR)).body['events'] as [unknown, object];
    expect(claimed).toMatchObject({ actor: { id: `key:${keyId}`, role: 'department', unit: '住建局' } });
  });

  it.each(['department', 'centre'])('of a %s open nothing before another person has approved them', async (role) => {
    const made = await create({ name: '系统', role, unit: '住建局', scopes: [...SCOPES] }, 202);
    expect(made.state).toBe('pending');
    expect(await looks(made.token)).toBe(401);
    expect(await approve(made.keyId, OPERATOR)).toMatchObject({ status: 403, body: { code: 'second-person' } });
    expect(await approve(made.keyId, SUPERVISOR)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await looks(made.token)).toBe(401);
    expect(await approve(made.keyId)).toMatchObject({ status: 200, body: { state: 'active', approvedBy: 'o-2', createdBy: 'o-1' } });
    expect(await looks(made.token)).toBe(200);
    expect(await approve(made.keyId)).toMatchObject({ status: 409, body: { code: 'not-pending' } });
    expect(await approve('0'.repeat(16))).toMatchObject({ status: 404, body: { code: 'no-such-key' } });
  });

  it('that were revoked before anybody approved them stay shut', async () => {
    const made = await create({ name: '系统', role: 'centre', scopes: ['read'] }, 202);
    await bench.send('DELETE', `/v1/keys/${made.keyId}`, { as: OPERATOR });
    expect(await approve(made.keyId)).toMatchObject({ status: 409, body: { code: 'not-pending' } });
    expect(await looks(made.token)).toBe(401);
  });

  it('show what people wrote of themselves only with the scope `personal`', async () => {
    const seenWith = async (...scopes: Scope[]): Promise<unknown[]> => {
      const { token, keyId } = await create({ name: '中心系统', role: 'centre', scopes }, 202);
      await approve(keyId);
      const { body } = await ask(token, 'GET', `/v1/needs/${needId}`);
      const { body: found } = await ask(token, 'GET', `/v1/needs?q=${encodeURIComponent('上下不便')}`);
      return [body['title'], body['contact'], body['description'], (found['items'] as unknown[]).length];
    };
    await bench.get(`/v1/needs/${needId}?minSeq=1`, RESIDENT);
    expect(await seenWith('read')).toEqual([NEED.title, null, null, 0]);
    expect(await seenWith('read', 'personal')).toEqual([NEED.title, NEED.contact, NEED.description, 1]);
    expect((await ask((await create({ name: 'p', scopes: ['personal'] })).token, 'GET', `/v1/needs/${needId}`)).status).toBe(403);
  });

  it('hand out what is held about a person only with the scope `personal`', async () => {
    const exportWith = async (...scopes: Scope[]): Promise<number> => {
      const { token, keyId } = await create({ name: '导出', role: 'centre', scopes }, 202);
      await approve(keyId);
      return (await ask(token, 'POST', '/v1/privacy/exports', { subject: RESIDENT.actor })).status;
    };
    expect(await exportWith('read', 'commands')).toBe(403);
    expect(await exportWith('read', 'commands', 'personal')).toBe(200);
  });

  it('are on record with what they are for, and who made and who approved them', async () => {
    const facts = new RecordedFacts(bench.engine.db);
    const { keyId } = await create({ ...DEPARTMENT_KEY, name: '记录' }, 202);
    await approve(keyId);
    const recorded = await facts.list({ type: 'OperatorActed', subject: keyId });
    await facts.close();
    const key = { name: '记录', role: 'department', unit: '住建局', scopes: ['read', 'commands'], expiresAt: expect.any(String) };
    const from = { way: 'token', address: '127.0.0.1' };
    expect(recorded.map(({ actor, data }) => [actor.id, data])).toEqual([
      ['o-2', { action: 'approve-key', on: keyId, key, requestedBy: 'o-1', from }],
      ['o-1', { action: 'create-key', on: keyId, key, from }],
    ]);
  });

  it('end after a year where nothing is said, and no later', async () => {
    const { expiresAt } = await create({ name: 'default', scopes: ['read'] });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(KEY_LIFE_MAX_MS);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(KEY_LIFE_MAX_MS - 60_000);
    for (const tooLate of ['9999-12-31T23:59:59Z', new Date(Date.now() + KEY_LIFE_MAX_MS + 60_000).toISOString()])
      expect(await bench.post('/v1/keys', OPERATOR, { name: 'n', scopes: ['read'], expiresAt: tooLate })).toMatchObject({ status: 422 });
  });

  it('end at an instant, however it is written', async () => {
    const store = new ApiKeyStore(bench.engine.db, rights());
    const ends = async (expiresAt: string) => {
      const { token } = await store.create(
        { name: 'n', role: 'service', unit: null, scopes: ['read'], expiresAt },
        { id: 'o', role: 'operator', unit: null },
      );
      return (await store.verify(`Bearer ${token}`))?.ok;
    };
    const inAMinute = Date.now() + 60_000;
    const fromHonolulu = new Date(inAMinute - 10 * 3_600_000).toISOString().replace('Z', '-10:00'); // text before now's, an instant behind it
    expect(await ends(fromHonolulu)).toBe(true);
    expect(await ends('9999-12-31T23:59:59Z')).toBe(true);
    const [endless] = await bench.engine.db.collection('apiKeys').find({ name: 'n' }).sort({ createdAt: -1 }).limit(1).toArray();
    await bench.engine.db
      .collection('apiKeys')
      .updateOne({ _id: endless!._id }, { $set: { expiresAt: null, createdAt: '2020-01-01T00:00:00.000+08:00' } });
    expect((await store.list()).find(({ keyId }) => keyId === String(endless!._id))?.expiresAt).toMatch(/^2021-01-/); // of before there was a longest life
  });

  it('lie hashed: no byte of a secret is in the database', async () => {
    const { token } = await create({ name: 'reader', scopes: ['read'] });
    const stored = JSON.stringify(await Promise.all((await bench.engine.db.collections()).map((collection) => collection.find().toArray())));
    expect(stored).not.toContain(token.slice(SECRET_AT));
    expect(JSON.stringify((await bench.get('/v1/keys', SUPERVISOR)).body)).not.toMatch(/hash|secret|token/);
  });

  const REQUESTS: readonly (readonly [Scope, string, string, object?])[] = [
    ['read', 'GET', '/v1/needs?limit=1'],
    ['read', 'GET', '/v1/stats/stages'],
    ['commands', 'POST', '/v1/needs', NEED],
    ['commands', 'PUT', '/v1/preferences', { off: [], when: 'always' }],
    ['audit', 'GET', '/v1/audit/commands'],
    ['audit', 'GET', '/V1/Audit/facts'],
    ['events', 'GET', '/v1/events?lastEventId=999999'],
  ];
  it.each(SCOPES)('are limited to their scopes: %s', async (scope) => {
    const { token } = await create({ name: `only ${scope}`, scopes: [scope] });
    for (const [needed, method, path, body] of REQUESTS) {
      const { status, body: answer } = await ask(token, method, path, body);
      const isTurnedAway = status === 403 && needed !== scope;
      if (needed !== scope) expect([path, isTurnedAway, answer['code']]).toEqual([path, true, 'not-permitted']);
      // In scope it is for the role to say: a service may not submit, nor audit.
      else
        expect([path, status]).toEqual([path, { read: 200, personal: 403, commands: method === 'PUT' ? 200 : 403, audit: 403, events: 409 }[scope]]);
    }
  });

  it('limit tokens that name scopes of ours, too', async () => {
    const token = await bench.tokens.make(RESIDENT, { scope: 'openid read' });
    expect((await ask(token, 'GET', '/v1/needs?limit=1')).status).toBe(200);
    expect((await ask(token, 'POST', '/v1/needs', NEED)).status).toBe(403);
    const other = await bench.tokens.make(RESIDENT, { scope: 'openid profile' });
    expect((await ask(other, 'POST', '/v1/needs', NEED)).status).toBe(201);
  });

  it('are refused once revoked, expired, or not quite right', async () => {
    const { token, keyId } = await create({ name: 'short', scopes: ['read'] });
    expect((await ask(token, 'GET', '/v1/needs?limit=1')).status).toBe(200);
    expect((await bench.send('DELETE', `/v1/keys/${keyId}`, { as: OPERATOR })).status).toBe(204);
    expect((await ask(token, 'GET', '/v1/needs?limit=1')).status).toBe(401);
    expect((await bench.send('DELETE', '/v1/keys/none', { as: OPERATOR })).status).toBe(404);
    const old = await create({ name: 'old', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' });
    const good = await create({ name: 'good', scopes: ['read'] });
    const [id, secret] = [good.keyId, good.token.slice(SECRET_AT)];
    for (const bad of [old.token, `qk_${id}_${'A'.repeat(43)}`, `qk_${id}_`, `qk_${'0'.repeat(16)}_${secret}`, 'qk_', `qk_${id}_${secret}x`]) {
      expect([bad.slice(0, 24), (await ask(bad, 'GET', '/v1/needs?limit=1')).status]).toEqual([bad.slice(0, 24), 401]);
    }
  });

  it('are refused by other processes two seconds after they were revoked, and note the day of their last use', async () => {
    const [here, there] = [new ApiKeyStore(bench.engine.db, rights()), new ApiKeyStore(bench.engine.db, rights())];
    const { key, token } = await here.create(
      { name: 'two', role: 'service', unit: null, scopes: ['read'], expiresAt: null },
      { id: 'o', role: 'operator', unit: null },
    );
    expect(await there.verify(`Bearer ${token}`)).toMatchObject({ ok: true });
    expect((await here.list()).find(({ keyId }) => keyId === key.keyId)?.lastUsedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    await here.revoke(key.keyId);
    const startedMs = performance.now();
    while ((await there.verify(`Bearer ${token}`))?.ok === true) expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(await there.verify(`Bearer ${token}`)).toEqual({ ok: false, why: 'invalid' });
  });

  it('are made only of what fits', async () => {
    for (const body of [
      {},
      { name: 'n', scopes: [] },
      { name: 'n', scopes: ['all'] },
      { name: 'n', role: 'supervisor', scopes: ['read'] },
      { name: 'n', role: 'department', scopes: ['read'] },
      { name: 'n', scopes: ['read', 'read', 'read', 'read', 'read', 'read'] },
    ]) {
      expect(await bench.post('/v1/keys', OPERATOR, body)).toMatchObject({ status: 422 });
    }
  });
});
