import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { gzipSync } from 'node:zlib';
import type { Body } from '@qiyue/testkit';
import { ApiBench, type Sending } from './testing/api-bench';
import { DEPARTMENT, NEED, RESIDENT } from './testing/people';

const item = { name: '扶手', quantity: 1, unit: '个' };

const BODIES: readonly [string, unknown][] = [
  ['nothing', {}],
  ['text', '"text"'],
  ['a number', '7'],
  ['null', 'null'],
  ['a list', [NEED]],
  ['an unknown field', { ...NEED, priority: 1 }],
  ['a prototype', `{"__proto__": {"admin": true}, ${JSON.stringify(NEED).slice(1)}`],
  ['a constructor', { ...NEED, constructor: { prototype: { admin: true } } }],
  ['no items', { ...NEED, items: [] }],
  ['quantity 0', { ...NEED, items: [{ ...item, quantity: 0 }] }],
  ['a negative quantity', { ...NEED, items: [{ ...item, quantity: -1 }] }],
  ['quantity as text', { ...NEED, items: [{ ...item, quantity: '1' }] }],
  ['an endless quantity', `${JSON.stringify(NEED).slice(0, -1)}, "items": [{"name": "x", "quantity": 1e999, "unit": "y"}]}`],
  ['an item without a name', { ...NEED, items: [{ ...item, name: ' ' }] }],
  ['an empty title', { ...NEED, title: '' }],
  ['a title of 10,000 characters', { ...NEED, title: '长'.repeat(10_000) }],
  ['a title that is a list', { ...NEED, title: ['a'] }],
  ['a lone surrogate', `${JSON.stringify(NEED).slice(0, -1)}, "title": "\\ud800"}`],
  ['an unknown kind', { ...NEED, kind: 'other' }],
  ['a latitude beyond the pole', { ...NEED, location: { lat: 91, lng: 0 } }],
  ['10,000 levels', '{"title":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
];

const COMMANDS: readonly [string, string, object][] = [
  ['an impossible date', 'claim', { unit: '住建局', plan: 'A', promisedBy: '2024-02-30' }],
  ['a date in words', 'claim', { unit: '住建局', plan: 'A', promisedBy: '明天' }],
  ['0 fen', 'fund', { amountFen: 0, source: 'department', reference: 'A' }],
  ['a negative amount', 'fund', { amountFen: -5, source: 'department', reference: 'A' }],
  ['part of a fen', 'fund', { amountFen: 0.5, source: 'department', reference: 'A' }],
  ['an unsafe integer', 'fund', { amountFen: 1e16, source: 'department', reference: 'A' }],
  ['a score of 6', 'evaluate', { side: 'resident', score: 6, satisfied: true }],
  ['a script address', 'complete', { evidence: [{ kind: 'photo', url: 'javascript:alert(1)' }] }],
  ['empty evidence', 'complete', { evidence: [{ kind: 'photo' }] }],
  ['no reason', 'withdraw', {}],
];

const QUERIES: readonly string[] = [
  'stage=nowhere',
  'stage=claimed&stage=done',
  'stage[$ne]=claimed',
  'limit=0',
  'limit=101',
  'limit=1.5',
  'limit=ten',
  'limit=-1',
  'cursor=broken',
  'cursor=W10',
  'overdue=maybe',
  'q=',
  'unknown=1',
  `q=${'x'.repeat(201)}`,
];

describe('bad input', () => {
  let bench: ApiBench;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
  }, 60_000);
  afterAll(() => bench.close());

  const post = (sending: Sending) => bench.send('POST', '/v1/needs', { as: RESIDENT, ...sending });

  it.each(BODIES)('refuses a need with 422: %s', async (_name, body) => {
    const { status, body: problem } = await post({ body: typeof body === 'string' ? body : JSON.stringify(body) });
    expect([status, problem['code']]).toEqual([422, 'invalid']);
    expect(problem['errors']).not.toHaveLength(0);
  });

  it.each(COMMANDS)('refuses a command with 422: %s', async (_name, command, body) => {
    const { status, body: problem } = await bench.post(`/v1/needs/${needId}/${command}`, DEPARTMENT, body);
    expect([status, problem['code']]).toEqual([422, 'invalid']);
  });

  it.each(QUERIES)('refuses the query %s with 422', async (query) => {
    const { status, body } = await bench.get(`/v1/needs?${query}`, RESIDENT);
    expect([status, body['code']]).toEqual([422, 'invalid']);
  });

  it.each(['at', 'at?seq=1&time=2024-07-01T00:00:00Z', 'at?seq=0', 'at?time=yesterday', 'at?seq=1&seq=2', 'history?x=1'])(
    'refuses %s of a need with 422',
    async (path) => {
      expect((await bench.get(`/v1/needs/${needId}/${path}`, RESIDENT)).status).toBe(422);
    },
  );

  it('names each place that does not fit, in the language asked for', async () => {
    const body = { ...NEED, items: [{ ...item, quantity: -1 }], title: 5 };
    const chinese = await post({ body });
    const english = await post({ body, headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect((english.body['errors'] as Body[]).map(({ path }) => path)).toEqual(['title', 'items.0.quantity']);
    expect(english.body['title']).toBe('Does not fit');
    expect(english.headers.get('content-language')).toBe('en');
    expect(chinese.body['title']).toBe('内容不符合要求');
    expect(JSON.stringify(chinese.body['errors'])).not.toContain('-1');
  });

  it('takes emoji, long Chinese text and three decimals', async () => {
    const { status } = await post({ body: { ...NEED, title: '👨‍👩‍👧 扶手 🛠️', description: '长'.repeat(5_000), items: [{ ...item, quantity: 0.125 }] } });
    expect(status).toBe(201);
  });

  it('tells JSON that cannot be read, too much of it, and what is no JSON apart', async () => {
    expect(await post({ body: '{"title":' })).toMatchObject({ status: 400, body: { code: 'bad-json' } });
    expect(await post({ body: { ...NEED, description: 'x'.repeat(1_100_000) } })).toMatchObject({ status: 413, body: { code: 'too-large' } });
    expect(await post({ body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toMatchObject({ status: 415 });
    expect(await post({ body: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } })).toMatchObject({ status: 415 });
    expect(await post({ body: '{}', headers: { 'content-encoding': 'br0ken' } })).toMatchObject({ status: 415 });
    expect(await post({})).toMatchObject({ status: 422 });
  });

  it('refuses what is not UTF-8 with 400, so that no words become mojibake, and takes a mark of a Windows editor', async () => {
    const authorization = `Bearer ${await bench.tokens.mint(RESIDENT)}`;
    const send = (body: Uint8Array, type = 'application/json') =>
      fetch(`${bench.base}/v1/needs`, { method: 'POST', headers: { authorization, 'content-type': type }, body });
    const gbk = Buffer.concat([
      Buffer.from(JSON.stringify(NEED).replace('3号楼加装扶手', '')).subarray(0, 10),
      Buffer.from([0xb7, 0xf6, 0xca, 0xd6]),
    ]);
    const whole = Buffer.from(JSON.stringify(NEED), 'utf8');
    const at = whole.indexOf('扶手');
    const inGbk = Buffer.concat([whole.subarray(0, at), Buffer.from([0xb7, 0xf6, 0xca, 0xd6]), whole.subarray(at + 6)]);
    for (const body of [gbk, inGbk]) {
      const answer = await send(body);
      expect([answer.status, ((await answer.json()) as Body)['code']]).toEqual([400, 'not-utf8']);
    }
    expect((await send(Buffer.concat([Buffer.from('\ufeff', 'utf8'), whole]))).status).toBe(201);
    expect(await bench.get('/v1/needs?q=%B7%F6%CA%D6', RESIDENT)).toMatchObject({ status: 400, body: { code: 'not-utf8' } });
  });

  it.each(['a\u202eb', 'a\u009b2J', 'a\u2028b', '\u200b\u2060', 'a\nb', 'a\ufffd'])('refuses the title %j and says why', async (title) => {
    const { status, body } = await post({ body: { ...NEED, title } });
    expect([status, (body['errors'] as Body[]).map(({ path }) => path)]).toEqual([422, ['title']]);
  });

  it('does not take what could not be published, and says how much is too much', async () => {
    const entry = { kind: 'note', text: '中'.repeat(5_000), url: `https://a.example/${'x'.repeat(1_962)}` };
    const sending = { as: DEPARTMENT, body: { evidence: Array.from({ length: 50 }, () => entry) } };
    const { status, body } = await bench.send('POST', `/v1/needs/${needId}/complete`, { ...sending, headers: { 'accept-language': 'en' } });
    expect([status, body['code'], body['facts']]).toMatchObject([413, 'too-large', { max: 900_000 }]);
    expect(body['detail']).toContain('900000');
    expect((await bench.get(`/v1/needs/${needId}`, RESIDENT)).body['seq']).toBe(1);
  });

  it('is not filled by a small body that unpacks to a large one', async () => {
    const authorization = `Bearer ${await bench.tokens.mint(RESIDENT)}`;
    const headers = { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`${bench.base}/v1/needs`, { method: 'POST', headers, body: gzipSync(`"${'x'.repeat(20_000_000)}"`) });
    expect(response.status).toBe(413);
  });

  it.each(['a key', 'k'.repeat(201), '钥匙', 'timer:x:1', ''])('refuses the idempotency key %j with 422', async (key) => {
    const encoded = Buffer.from(key, 'utf8').toString('latin1');
    expect(await post({ body: NEED, headers: { 'idempotency-key': encoded } })).toMatchObject({ status: 422, body: { code: 'invalid' } });
  });

  it('takes every good key of 1 to 200 printable characters', async () => {
    expect((await post({ body: NEED, key: `"${'k'.repeat(198)}"` })).status).toBe(201);
  });

  it('wants a good token before anything else', async () => {
    const [expired, foreign, elsewhere] = await Promise.all([
      bench.tokens.make(RESIDENT, { expiresInS: -60 }),
      bench.tokens.make(RESIDENT, { issuer: 'https://elsewhere.example' }),
      bench.tokens.make(RESIDENT, { audience: 'other' }),
    ]);
    const unsigned = new UnsecuredJWT({ role: 'operator' })
      .setSubject('x')
      .setIssuer('https://qiyue.local')
      .setAudience('qiyue')
      .setExpirationTime('1h')
      .encode();
    const good = await bench.tokens.make(RESIDENT);
    const tampered = `${good.slice(0, -4)}AAAA`;
    const noRole = await bench.tokens.make({ actor: 'x', role: 'emperor' });
    for (const token of [expired, foreign, elsewhere, unsigned, tampered, noRole, 'nonsense']) {
      const answer = await bench.send('POST', '/v1/needs', { body: '{broken', headers: { authorization: `Bearer ${token}` } });
      expect([token.length, answer.status, answer.body['code']]).toEqual([token.length, 401, 'unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    const none = await bench.send('GET', '/v1/needs');
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="qiyue"']);
    expect((await bench.send('GET', '/v1/needs', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401);
  });

  it('knows its routes and their methods', async () => {
    expect(await bench.get('/v1/nothing', RESIDENT)).toMatchObject({ status: 404, body: { code: 'no-such-route' } });
    expect(await bench.get('/v1/%E0%A4%A', RESIDENT)).toMatchObject({ status: 404 });
    expect((await bench.post(`/v1/needs/${needId}/adopt`, RESIDENT, {})).status).toBe(404);
    expect((await bench.post(`/v1/needs/${needId}/submit`, RESIDENT, NEED)).status).toBe(404);
    const wrong = await bench.send('DELETE', `/v1/needs/${needId}`, { as: RESIDENT });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await bench.get(`/v1/needs/${needId}/claim`, RESIDENT)).status).toBe(405);
  });

  it('shows nothing of what it is made of', async () => {
    const { headers, body } = await bench.get('/v1/nothing', RESIDENT);
    expect([headers.get('x-powered-by'), headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([null, 'nosniff', 'no-store']);
    expect(JSON.stringify(body)).not.toMatch(/at |node_modules|Error/);
  });
});
