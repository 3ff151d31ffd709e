import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adoptRights, ApiKeyStore, removeForged, RightsSeal, sweepRights } from '@qiyue/edge';
import { KeyFolder, KeysUnavailable } from '@qiyue/privacy';
import { eventually, sendRequest, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { NEED, OPERATOR, RESIDENT, SECOND_OPERATOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';

interface Row {
  readonly _id: string;
  readonly [field: string]: unknown;
}
const KEY = { name: '系统', role: 'centre', scopes: ['read', 'personal'] };
const A_YEAR_ON = '2027-06-01T00:00:00.000+08:00';
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What somebody can do who may write to MongoDB, and to nothing else. */
describe('rights that somebody wrote into the database', () => {
  let bench: ApiBench;
  let facts: RecordedFacts;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    facts = new RecordedFacts(bench.engine.db);
    await eventually('what was there before to be signed', () => keys().has('key:rights:adopted'));
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
  }, 60_000);
  afterAll(async () => {
    await facts.close();
    await bench.close();
  });

  const keys = () => new KeyFolder(bench.tokens.keysPath);
  const rows = (name: string) => bench.engine.db.collection<Row>(name);
  const looks = (token: string): Promise<Answer> => sendRequest(`${bench.base}/v1/needs/${needId}`, 'GET', { token });
  const isNamed = async (kind: string, row: string): Promise<void> => {
    await eventually('a trouble', async () => (await rows('incidents').findOne({ _id: `right-forged:${kind}:${row}` })) !== null);
    await eventually('a fact', async () => (await facts.list({ type: 'RightForged', subject: row })).length > 0);
  };
  const forgedKey = async (): Promise<{ readonly id: string; readonly token: string }> => {
    const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
    await rows('apiKeys').insertOne({
      ...{ _id: id, hash: sha256(secret), ...KEY, unit: null, createdAt: '2026-01-01T00:00:00.000+08:00', createdBy: 'o-1', expiresAt: A_YEAR_ON },
      ...{ isPending: false, approvedBy: 'o-2', approvedAt: '2026-01-01T00:00:00.000+08:00', revokedAt: null, lastUsedOn: null },
    });
    return { id, token: `qk_${id}_${secret}` };
  };
  const goodKey = async (): Promise<{ readonly id: string; readonly token: string }> => {
    const { body } = await bench.post('/v1/keys', OPERATOR, KEY);
    await bench.post(`/v1/keys/${body['keyId']}/approve`, SECOND_OPERATOR, {});
    return { id: String(body['keyId']), token: String(body['token']) };
  };
  const isShut = (token: string) => eventually('the key to be shut', async () => (await looks(token)).status === 401);

  it('open nothing as a key, which is named where the operator looks and marked in the list', async () => {
    const { id, token } = await forgedKey();
    expect((await looks(token)).status).toBe(401);
    await isNamed('apiKeys', id);
    const { items } = (await bench.get('/v1/keys', OPERATOR)).body as { items: { keyId: string; state: string }[] };
    expect(items.find(({ keyId }) => keyId === id)?.state).toBe('forged');
    expect((await bench.post(`/v1/keys/${id}/approve`, SECOND_OPERATOR, {})).status).toBe(409);
    expect((await bench.send('DELETE', `/v1/keys/${id}`, { as: OPERATOR })).status).toBe(204); // what helps
    expect(await rows('apiKeys').findOne({ _id: id })).toBeNull();
    expect(await rows('incidents').findOne({ _id: `right-forged:apiKeys:${id}` })).toBeNull();
  });

  it.each([
    ['more scopes', { scopes: ['read', 'personal', 'audit'] }],
    ['a later end', { expiresAt: '2028-01-01T00:00:00.000+08:00' }],
    ['another secret', { hash: sha256('known') }],
  ])('give nothing more to a key that has been changed: %s', async (_, change) => {
    const { id, token } = await goodKey();
    expect((await looks(token)).status).toBe(200);
    await rows('apiKeys').updateOne({ _id: id }, { $set: change });
    await isShut(token);
    await isNamed('apiKeys', id);
  });

  it('approve no key', async () => {
    const { body } = await bench.post('/v1/keys', OPERATOR, KEY);
    await rows('apiKeys').updateOne({ _id: body['keyId'] as string }, { $set: { isPending: false, approvedBy: 'o-2', approvedAt: A_YEAR_ON } });
    expect((await looks(String(body['token']))).status).toBe(401);
    await isNamed('apiKeys', String(body['keyId']));
  });

  it('bring back no key that was revoked, though it was right once', async () => {
    const { id, token } = await goodKey();
    const before = await rows('apiKeys').findOne({ _id: id });
    expect((await bench.send('DELETE', `/v1/keys/${id}`, { as: OPERATOR })).status).toBe(204);
    await rows('apiKeys').replaceOne({ _id: id }, before ?? {});
    expect((await looks(token)).status).toBe(401);
    await isNamed('apiKeys', id);
  });

  it('log nobody in', async () => {
    const [cookie, now] = [randomBytes(32).toString('base64url'), Date.now()];
    const actor = { id: 's-1', role: 'supervisor', unit: null };
    const times = { expiresAt: new Date(now + 3_600_000), openedAt: new Date(now), lastSeenAt: new Date(now) };
    await rows('sessions').insertOne({ _id: sha256(cookie), actor, csrf: 'c', duties: [], sid: null, sessionId: '0'.repeat(16), ...times });
    const answer = await fetch(`${bench.base}/v1/me`, { headers: { cookie: `qiyue_session=${cookie}` } });
    expect(answer.status).toBe(401);
    await isNamed('sessions', sha256(cookie));
  });

  it('approve no erasure', async () => {
    const asked = await bench.post('/v1/privacy/erasures', OPERATOR, { subject: 'r-forged' });
    const id = String(asked.body['erasureId']);
    await rows('erasures').updateOne({ _id: id }, { $set: { requestedBy: 'somebody-else' } }); // so that one person would do
    expect((await bench.post(`/v1/privacy/erasures/${id}/approve`, OPERATOR, {})).status).toBe(404);
    await isNamed('erasures', id);
  });

  it('are found when nobody shows them, and gone once they are taken out', async () => {
    const { id } = await forgedKey();
    const rights = new RightsSeal(keys());
    expect(await sweepRights(bench.engine.db, rights)).toContainEqual({ kind: 'apiKeys', row: id });
    expect(await removeForged(bench.engine.db, rights, { kind: 'apiKeys', row: id })).toBe('removed');
    expect(await removeForged(bench.engine.db, rights, { kind: 'apiKeys', row: id })).toBe('not-there');
    expect(await removeForged(bench.engine.db, rights, { kind: 'apiKeys', row: (await goodKey()).id })).toBe('not-forged');
  });

  it('are told from rows of a time before there were MACs, which are signed once and on record', async () => {
    const [folder, recorded] = [mkdtempSync(join(tmpdir(), 'qiyue-keys-')), [] as unknown[]];
    const journal = { insist: (_: unknown, fact: unknown) => Promise.resolve(void recorded.push(fact)) };
    const db = bench.engine.db.client.db(`${bench.engine.db.databaseName}_before`);
    try {
      const old = { hash: sha256('s'), ...KEY, unit: null, createdAt: '2026-01-01T00:00:00.000+08:00', createdBy: 'o', revokedAt: null };
      await db.collection<Row>('apiKeys').insertOne({ _id: 'old', ...old, expiresAt: null, lastUsedOn: null });
      const rights = new RightsSeal(new KeyFolder(folder));
      await expect(new ApiKeyStore(db, rights).list()).rejects.toThrow(KeysUnavailable);
      expect(await adoptRights(db, rights, journal)).toBe(1);
      expect(recorded).toEqual([{ type: 'OperatorActed', data: { action: 'adopt-right', on: 'apiKeys:old' } }]);
      await db.collection<Row>('apiKeys').insertOne({ _id: 'late', ...old, expiresAt: null, lastUsedOn: null });
      expect(await adoptRights(db, rights, journal)).toBe(0);
      const states = (await new ApiKeyStore(db, rights).list()).map(({ keyId, state }) => [keyId, state]);
      expect(states).toEqual([
        ['late', 'forged'],
        ['old', 'active'],
      ]);
    } finally {
      await db.dropDatabase();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('cannot be told while the folder of keys is away: 503, and nobody is a stranger', async () => {
    const { token } = await goodKey();
    const away = `${bench.tokens.keysPath}-away`;
    renameSync(bench.tokens.keysPath, away);
    writeFileSync(bench.tokens.keysPath, ''); // a file where the folder was: it cannot be used
    try {
      expect((await looks(token)).status).toBe(503);
    } finally {
      rmSync(bench.tokens.keysPath);
      renameSync(away, bench.tokens.keysPath);
    }
    expect((await looks(token)).status).toBe(200);
  });
});
