import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyStore, SCOPES, type Scope } from '@qiyue/adapters';
import { sendRequest, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { NEED, OPERATOR, RESIDENT, SUPERVISOR } from './testing/people';

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

  const create = async (body: object): Promise<{ readonly token: string; readonly keyId: string }> => {
    const made = await bench.post('/v1/keys', OPERATOR, body);
    expect(made.status).toBe(201);
    return made.body as never;
  };
  const ask = (token: string, method: string, path: string, body?: object): Promise<Answer> =>
    sendRequest(`${bench.base}${path}`, method, { token, ...(body === undefined ? {} : { body }) });

  it('let a department’s system act for its unit, under a name of its own', async () => {
    const { token, keyId } = await create(DEPARTMENT_KEY);
    expect(token).toMatch(/^qk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(await ask(token, 'POST', `/v1/needs/${needId}/claim`, { unit: '水利局', plan: 'p' })).toMatchObject({ status: 403 });
    expect(await ask(token, 'POST', `/v1/needs/${needId}/claim`, { unit: '住建局', plan: 'p' })).toMatchObject({ status: 200 });
    const [, claimed] = (await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR)).body['events'] as [unknown, object];
    expect(claimed).toMatchObject({ actor: { id: `key:${keyId}`, role: 'department', unit: '住建局' } });
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
      else expect([path, status]).toEqual([path, { read: 200, commands: method === 'PUT' ? 200 : 403, audit: 403, events: 409 }[scope]]);
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
    const [here, there] = [new ApiKeyStore(bench.engine.db), new ApiKeyStore(bench.engine.db)];
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
    ]) {
      expect(await bench.post('/v1/keys', OPERATOR, body)).toMatchObject({ status: 422 });
    }
  });
});
