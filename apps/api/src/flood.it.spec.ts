import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowIdOf } from '@qiyue/engine';
import { eventually, sendRequest, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OPERATOR, RESIDENT, SUPERVISOR } from './testing/people';
import type { Who } from './testing/test-tokens';

const PROXY = { 'x-forwarded-for': '203.0.113.9' };

interface Fact {
  readonly type: string;
  readonly actor: { readonly id: string };
  readonly code: string | null;
  readonly way: string | null;
  readonly address: string | null;
  readonly data: { readonly times?: number };
}

/** One person cannot take it down, fill its ledgers or keep others out. */
describe('one person', () => {
  let bench: ApiBench;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_TRUSTED_PROXIES: '127.0.0.1', QIYUE_REQUESTS_PER_SECOND: '50' }); // which a machine goes beyond that gives five refusals a second
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
    await bench.get(`/v1/needs/${needId}?minSeq=1`, RESIDENT);
  }, 60_000);
  afterAll(() => bench.close());

  const records = async (filter: object): Promise<readonly Fact[]> => {
    const rows = await bench.engine.db.collection('auditLedger').find(filter).sort({ seq: 1 }).toArray();
    return rows.map(({ canonical }) => JSON.parse(String(canonical)) as Fact);
  };

  describe('who opens event streams', () => {
    const opened: Socket[] = [];
    afterAll(() => opened.forEach((socket) => socket.destroy()));
    /** What begins the answer. */
    const open = async (token: string): Promise<string> => {
      const socket = connect({ host: '127.0.0.1', port: bench.api.port });
      opened.push(socket);
      socket
        .on('error', () => undefined)
        .write(`GET /v1/events?lastEventId=latest HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      return new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString('utf8'))));
    };

    it('has ten of them, is told so of the eleventh, and leaves the others theirs', async () => {
      const [mine, hers] = [await bench.tokens.mint(RESIDENT), await bench.tokens.mint(NEIGHBOUR)];
      const begun = await Promise.all(Array.from({ length: 10 }, () => open(mine)));
      expect(begun.filter((text) => text.startsWith('HTTP/1.1 200 '))).toHaveLength(10);
      const turnedAway = await sendRequest(`${bench.base}/v1/events`, 'GET', { token: mine });
      expect(turnedAway).toMatchObject({ status: 429, body: { code: 'too-many-own-streams' } });
      expect(turnedAway.headers.get('retry-after')).toBe('10');
      expect(await open(hers)).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('loses those of a key that is revoked, without waiting for its end', async () => {
      const { body } = await bench.post('/v1/keys', OPERATOR, { name: 'reader', scopes: ['events'] });
      expect(await open(String(body['token']))).toMatch(/^HTTP\/1\.1 200 /);
      const socket = opened.at(-1) as Socket;
      const ended = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      await bench.send('DELETE', `/v1/keys/${String(body['keyId'])}`, { as: OPERATOR });
      await ended;
      expect(String((await bench.send('GET', '/metrics')).body['text'])).toContain('qiyue_event_streams_ended_total{why="revoked"} 1');
    }, 30_000);
  });

  describe('who asks for what costs much', () => {
    it('is slowed down after fewer of them, and others are not', async () => {
      const one: Who = { ...RESIDENT, actor: 'searcher' };
      const ask = (who: Who, path: string): Promise<Answer> => bench.get(path, who);
      const statuses = async (count: number, path: string) =>
        (await Promise.all(Array.from({ length: count }, () => ask(one, path)))).map(({ status }) => status);
      const searches = await statuses(100, '/v1/needs?q=x');
      expect(searches.filter((status) => status === 200)).toHaveLength(25); // 250 requests' worth, five seconds of them
      expect(searches.filter((status) => status === 429)).toHaveLength(75);
      expect((await ask(NEIGHBOUR, '/v1/needs?q=x')).status).toBe(200);
    }, 30_000);
  });

  describe('who sends commands that cannot succeed', () => {
    const historyLength = async (): Promise<number> => {
      const { historyLength: length } = await bench.engine.client.workflow.getHandle(workflowIdOf('need', needId)).describe();
      return length;
    };
    const HOPELESS: readonly (readonly [string, Who, string, object])[] = [
      ['a resident who claims', RESIDENT, 'claim', { unit: '住建局', plan: 'p' }],
      ['a supervisor who rejects', SUPERVISOR, 'reject', { reason: 'r' }],
      ['a resident who merges', RESIDENT, 'merge', { into: 'x'.repeat(26) }],
      ['a neighbour who withdraws it', NEIGHBOUR, 'withdraw', { reason: 'r' }],
      ['a neighbour who amends it', NEIGHBOUR, 'amend', { title: 't' }],
      ['a department that claims for another', DEPARTMENT, 'claim', { unit: '水利局', plan: 'p' }],
    ];
    it.each(HOPELESS)('%s is refused before it costs the need an update, and has its answer for good', async (name, who, command, body) => {
      await eventually('the need to be in the ledger', async () => (await bench.engine.store.stream(needId)).length > 0);
      const before = await historyLength();
      const key = `hopeless ${name}`.replace(/ /g, '-');
      const send = (as: Who) => bench.post(`/v1/needs/${needId}/${command}`, as, body, key);
      const first = await send(who);
      expect(first).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
      expect((await send(who)).body).toEqual(first.body);
      expect((await send({ ...who, actor: 'somebody-else' })).status).toBe(422);
      expect((await bench.get(`/v1/commands/${key}`, who)).body).toMatchObject({ state: 'refused', code: 'not-permitted', needId });
      expect(await historyLength()).toBe(before);
    });

    it('whose turn it is is asked of the need itself', async () => {
      const before = await historyLength();
      expect((await bench.post(`/v1/needs/${needId}/inspect`, { ...COMMUNITY, unit: '和平社区' }, { notes: 'n' })).status).toBe(403);
      expect(await historyLength()).toBeGreaterThan(before);
    });

    it('fills no ledger: a few records and sums of the rest, and is slowed down', async () => {
      const pest: Who = { ...RESIDENT, actor: 'pest' };
      const statuses: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => bench.get('/v1/keys', pest)));
        statuses.push(...answers.map(({ status }) => status));
      }
      expect(new Set(statuses)).toEqual(new Set([403]));
      const denied = await eventually(
        'the sum',
        async () => {
          const found = await records({ type: 'AccessDenied', actorId: 'pest' });
          return found.reduce((sum, { data }) => sum + (data.times ?? 1), 0) === 200 ? found : null;
        },
        20_000,
      );
      expect(denied.length).toBeLessThanOrEqual(25);
      const statusesOfClaims = async (): Promise<readonly number[]> => {
        const answers = Array.from({ length: 300 }, () => bench.post(`/v1/needs/${needId}/claim`, pest, { unit: 'u', plan: 'p' }));
        return (await Promise.all(answers)).map(({ status }) => status);
      };
      // A refusal counts once it is given: what arrives all at once passes, and what comes behind it does not.
      await eventually('them to be slowed down', async () => (await statusesOfClaims()).includes(429));
    }, 60_000);
  });

  describe('who stands behind a proxy', () => {
    const guess = async (from: string): Promise<number> =>
      (await sendRequest(`${bench.base}/v1/needs`, 'GET', { token: 'guess', headers: { 'x-forwarded-for': from } })).status;

    it('is limited by an address of their own, and not by what they say it is', async () => {
      let last = 401;
      for (let round = 0; round < 60 && last === 401; round += 1)
        last = Math.max(...(await Promise.all(Array.from({ length: 25 }, (_, i) => guess(`198.51.100.${i}, 203.0.113.7`)))));
      expect(last).toBe(429);
      expect(await guess('203.0.113.8')).toBe(401);
    }, 30_000);

    it('is on record with that address and the way they came in', async () => {
      const { body } = await bench.post('/v1/keys', OPERATOR, { name: 'a', scopes: ['events'] });
      await sendRequest(`${bench.base}/v1/needs`, 'GET', { token: String(body['token']), headers: PROXY });
      const seeing: Who = { ...COMMUNITY, actor: 'c-seen' };
      const token = await bench.tokens.mint(seeing);
      await sendRequest(`${bench.base}/v1/needs/${needId}`, 'GET', { token, headers: { 'x-forwarded-for': '2001:DB8::7' } });
      await sendRequest(`${bench.base}/v1/needs/${needId}/claim`, 'POST', { token, headers: PROXY, body: { unit: 'u', plan: 'p' } });
      const fromOf = async (type: string, actorId: string) => {
        const [fact] = await eventually(`${type} of ${actorId}`, async () => {
          const found = await records({ type, actorId });
          return found.length > 0 ? found : null;
        });
        return (fact?.data as { readonly from?: unknown }).from;
      };
      expect(await fromOf('AccessDenied', `key:${String(body['keyId'])}`)).toEqual({ way: 'key', address: '203.0.113.9' });
      expect(await fromOf('PersonalDataSeen', 'c-seen')).toEqual({ way: 'token', address: '2001:db8::7' });
      expect(await fromOf('CommandRefused', 'c-seen')).toEqual({ way: 'token', address: '203.0.113.9' });
      expect(await fromOf('OperatorActed', OPERATOR.actor)).toEqual({ way: 'token', address: '127.0.0.1' });
    });
  });
});

describe('a client that nobody was told to believe', () => {
  it('is not whom it says it is', async () => {
    const bench = await ApiBench.create();
    try {
      const { body } = await bench.post('/v1/keys', OPERATOR, { name: 'a', scopes: ['events'] });
      await sendRequest(`${bench.base}/v1/needs`, 'GET', { token: String(body['token']), headers: PROXY });
      const row = await eventually('the record', () =>
        bench.engine.db.collection('auditLedger').findOne({ type: 'AccessDenied', actorId: `key:${String(body['keyId'])}` }),
      );
      expect(JSON.parse(String(row['canonical']))).toMatchObject({ data: { from: { way: 'key', address: '127.0.0.1' } } });
    } finally {
      await bench.close();
    }
  }, 60_000);
});
