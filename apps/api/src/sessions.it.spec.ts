import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RightsSeal, SESSION_IDLE_MS, SessionStore, type LoginFacts } from '@qiyue/edge';
import { KeyFolder } from '@qiyue/privacy';
import type { Actor } from '@qiyue/engine';
import { eventually, startLocalProvider } from '@qiyue/testkit';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { ApiBench } from './testing/api-bench';
import { Browser, freePort, untilCallback } from './testing/browser';
import { NEED, OPERATOR, RESIDENT } from './testing/people';

const SECRET = 'a-secret-of-the-client-of-thirty-two-bytes';
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const STAFF: Actor = { id: 'officer-1', role: 'department', unit: '住建局' };

describe('sessions of browsers', () => {
  let bench: ApiBench;
  let issuer: string;
  let provider: Server;
  let key: CryptoKey;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-sessions-'));
    writeFileSync(join(folder, 'secret'), SECRET);
    const [api, idp] = [await freePort(), await freePort()];
    issuer = `http://127.0.0.1:${idp}`;
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    key = privateKey;
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] };
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
    provider = createServer((req, res) => {
      const body = req.url === '/jwks' ? jwks : { issuer, ...endpoints, response_types_supported: ['code'], subject_types_supported: ['public'] };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }).listen(idp, '127.0.0.1');
    bench = await ApiBench.create({
      ...{ QIYUE_API_PORT: String(api), QIYUE_OIDC_ISSUER: issuer, QIYUE_OIDC_CLIENT_ID: 'qiyue' },
      ...{ QIYUE_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'), QIYUE_OIDC_REDIRECT: `http://127.0.0.1:${api}/login/callback` },
    });
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    provider.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rights = () => new RightsSeal(new KeyFolder(bench.tokens.keysPath));
  const open = async (actor: Actor, facts: Partial<LoginFacts> = {}) => {
    const { id, session } = await new SessionStore(bench.engine.db, rights()).open(actor, { duties: [], sid: null, ...facts });
    const ask = async (path: string, method = 'GET') => {
      const headers = { cookie: `qiyue_session=${id}`, 'x-qiyue-csrf': session.csrf };
      const answer = await fetch(`${bench.base}${path}`, { method, headers });
      return { status: answer.status, body: (await answer.text().then((text) => (text === '' ? null : JSON.parse(text)))) as never };
    };
    return { ask, isIn: async () => (await ask('/v1/me')).status === 200 };
  };
  const logoutToken = (claims: object, changes: { issuer?: string; audience?: string; iat?: number; by?: CryptoKey } = {}): Promise<string> =>
    new SignJWT({ events: EVENTS, jti: 'j', ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt' })
      .setIssuer(changes.issuer ?? issuer)
      .setAudience(changes.audience ?? 'qiyue')
      .setIssuedAt(changes.iat ?? Math.floor(Date.now() / 1000))
      .setExpirationTime('2 minutes')
      .sign(changes.by ?? key);
  const sendLogout = async (token: string) =>
    (await fetch(`${bench.base}/login/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) })).status;

  it('end once nobody has used them for a while, and live on while somebody does', async () => {
    let nowMs = Date.now();
    const store = new SessionStore(bench.engine.db, rights(), () => nowMs);
    const { id } = await store.open(STAFF);
    for (let i = 0; i < 4; i += 1) {
      nowMs += SESSION_IDLE_MS - 1;
      expect(await store.verify(id, undefined, false)).toMatchObject({ ok: true });
    }
    nowMs += SESSION_IDLE_MS + 1;
    expect(await store.verify(id, undefined, false)).toEqual({ ok: false, why: 'expired' });
    expect([await store.find(id), await store.listOf(STAFF.id, null)]).toEqual([null, []]);
  });

  it('are listed to their owner, who can end each', async () => {
    const person = { ...STAFF, id: 'officer-2' };
    const [here, there] = [await open(person), await open(person)];
    const { items } = (await here.ask('/v1/sessions')).body as { items: { sessionId: string; isCurrent: boolean }[] };
    expect(items.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}/);
    const other = items.find(({ isCurrent }) => !isCurrent)?.sessionId ?? '';
    expect((await (await open(STAFF)).ask(`/v1/sessions/${other}`, 'DELETE')).status).toBe(404); // another’s
    expect((await here.ask(`/v1/sessions/${other}`, 'DELETE')).status).toBe(204);
    expect([await here.isIn(), await there.isIn()]).toEqual([true, false]);
  });

  it('of a person are ended by an operator, all at once', async () => {
    const person = { ...STAFF, id: 'officer-3' };
    const both = [await open(person), await open(person)];
    expect((await bench.send('DELETE', '/v1/sessions/of/officer-3', { as: RESIDENT })).status).toBe(403);
    expect(await bench.send('DELETE', '/v1/sessions/of/officer-3', { as: OPERATOR })).toMatchObject({ status: 200, body: { ended: 2 } });
    expect(await Promise.all(both.map((one) => one.isIn()))).toEqual([false, false]);
  });

  it('end with the session at the identity provider', async () => {
    const person = { ...STAFF, id: 'officer-4' };
    const [one, other] = [await open(person, { sid: 's-1' }), await open(person, { sid: 's-2' })];
    expect(await sendLogout(await logoutToken({ sid: 's-1', sub: 'officer-4' }))).toBe(200);
    expect([await one.isIn(), await other.isIn()]).toEqual([false, true]);
    expect(await sendLogout(await logoutToken({ sub: 'officer-4' }))).toBe(200);
    expect(await other.isIn()).toBe(false);
    expect(await sendLogout(await logoutToken({ sub: 'officer-4' }))).toBe(200); // again is no harm
  });

  it('do not end by what only looks like a logout of the provider', async () => {
    const person = { ...STAFF, id: 'officer-5' };
    const session = await open(person, { sid: 's-5' });
    const forger = (await generateKeyPair('ES256')).privateKey;
    const claims = { sub: 'officer-5', sid: 's-5' };
    for (const token of [
      await logoutToken(claims, { by: forger }),
      await logoutToken(claims, { issuer: 'https://elsewhere.example' }),
      await logoutToken(claims, { audience: 'another' }),
      await logoutToken(claims, { iat: Math.floor(Date.now() / 1000) - 3_600 }),
      await logoutToken({ ...claims, events: {} }),
      await logoutToken({ ...claims, nonce: 'n' }), // an id token
      await logoutToken({}),
      await bench.tokens.mint(RESIDENT),
      'x',
    ])
      expect(await sendLogout(token)).toBe(400);
    expect((await fetch(`${bench.base}/login/backchannel-logout`, { method: 'POST' })).status).toBe(422);
    expect(await session.isIn()).toBe(true);
  });
});

describe('a second factor', () => {
  let bench: ApiBench;
  let folder: string;
  const providers: Awaited<ReturnType<typeof startLocalProvider>>[] = [];
  afterAll(async () => {
    await bench?.close();
    for (const provider of providers) await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (amr: readonly string[]): Promise<ApiBench> => {
    folder ??= mkdtempSync(join(tmpdir(), 'qiyue-factor-'));
    writeFileSync(join(folder, 'secret'), SECRET);
    const [api, idp] = [await freePort(), await freePort()];
    const redirect = `http://127.0.0.1:${api}/login/callback`;
    providers.push(await startLocalProvider({ port: idp, clientId: 'qiyue', clientSecret: SECRET, redirect, amr }));
    return ApiBench.create({
      ...{ QIYUE_API_PORT: String(api), QIYUE_OIDC_ISSUER: `http://127.0.0.1:${idp}`, QIYUE_OIDC_CLIENT_ID: 'qiyue' },
      ...{ QIYUE_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'), QIYUE_OIDC_REDIRECT: redirect },
      ...{ QIYUE_SECOND_FACTOR: 'supervisor, operator', QIYUE_SECOND_FACTOR_ACR: 'urn:gold' },
    });
  };
  const logIn = async (role: string): Promise<number> => {
    const browser = new Browser();
    return (await browser.go(await untilCallback(browser, bench.base, { actor: `${role}-1`, role, unit: NEED.community }))).status;
  };

  it('is asked of the roles that the policy names, in logins and in tokens', async () => {
    bench = await start(['pwd']);
    expect([await logIn('supervisor'), await logIn('operator'), await logIn('resident')]).toEqual([401, 401, 302]);
    await eventually('both to be on record', async () => {
      const failed = await bench.engine.db.collection('auditLedger').find({ type: 'LoginFailed' }).toArray();
      const whys = failed.map(({ canonical }) => (JSON.parse(String(canonical)) as { data: { why: string } }).data.why);
      return whys.join() === 'second-factor,second-factor';
    });
    const asked = async (role: string, claims: object) => {
      const token = await bench.tokens.make({ actor: 'a', role }, { claims });
      const answer = await fetch(`${bench.base}/v1/needs?limit=1`, { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, answer.headers.get('www-authenticate')];
    };
    const stepUp = [401, 'Bearer realm="qiyue", error="insufficient_user_authentication"'];
    expect(await asked('supervisor', {})).toEqual(stepUp);
    expect(await asked('supervisor', { amr: ['pwd'] })).toEqual(stepUp);
    for (const claims of [{ amr: ['pwd', 'otp'] }, { amr: ['mfa'] }, { acr: 'urn:gold' }])
      expect(await asked('supervisor', claims)).toEqual([200, null]);
    expect(await asked('resident', {})).toEqual([200, null]);
    await bench.close();
    bench = await start(['pwd', 'otp']);
    expect([await logIn('supervisor'), await logIn('operator')]).toEqual([302, 302]);
  }, 90_000);
});
