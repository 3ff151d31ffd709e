import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startLocalProvider } from '@qiyue/testkit';
import { localPath } from './login/login.controller';
import { OidcLogin } from './login/oidc-login';
import { ApiBench } from './testing/api-bench';
import { Browser, freePort } from './testing/browser';
import { NEED, SUPERVISOR } from './testing/people';

const SECRET = 'a-secret-of-the-client-of-thirty-two-bytes';

describe('logging in by a browser', () => {
  let bench: ApiBench;
  let provider: Awaited<ReturnType<typeof startLocalProvider>>;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-login-'));
    writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
    const [api, idp] = [await freePort(), await freePort()];
    const redirect = `http://127.0.0.1:${api}/login/callback`;
    provider = await startLocalProvider({ port: idp, clientId: 'qiyue', clientSecret: SECRET, redirect });
    bench = await ApiBench.create({
      ...{ QIYUE_API_PORT: String(api), QIYUE_OIDC_ISSUER: provider.issuer, QIYUE_OIDC_CLIENT_ID: 'qiyue' },
      ...{ QIYUE_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'), QIYUE_OIDC_REDIRECT: redirect },
    });
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Up to where the provider sends the browser back to, not followed yet. */
  const untilCallback = async (browser: Browser, returnTo = '/pages/needs'): Promise<URL> => {
    const begun = await browser.go(`${bench.base}/login?returnTo=${encodeURIComponent(returnTo)}`);
    expect(begun.status).toBe(302);
    let at = await browser.go(begun.to as URL);
    const asked = await browser.go(at.to as URL);
    expect(asked.text).toContain('<form method="post"');
    at = await browser.go(at.to as URL, {
      method: 'POST',
      body: new URLSearchParams({ actor: 'resident-7', role: 'resident', unit: NEED.community }),
    });
    while (at.to !== null && !at.to.pathname.startsWith('/login/callback')) at = await browser.go(at.to);
    return at.to as URL;
  };
  const loggedIn = async (): Promise<{ readonly browser: Browser; readonly csrf: string }> => {
    const browser = new Browser();
    expect((await browser.go(await untilCallback(browser))).status).toBe(302);
    const me = JSON.parse((await browser.go(`${bench.base}/v1/me`)).text) as { csrf: string };
    return { browser, csrf: me.csrf };
  };

  it('goes to the provider and comes back to the page, with a session that no script can read', async () => {
    const browser = new Browser();
    const back = await browser.go(await untilCallback(browser));
    expect([back.status, back.to?.pathname]).toEqual([302, '/pages/needs']);
    expect(back.cookies).toMatch(/qiyue_session=[\w-]{43};.*HttpOnly; SameSite=Lax/i);
    const me = await browser.go(`${bench.base}/v1/me`);
    expect(JSON.parse(me.text)).toMatchObject({
      actor: { id: 'resident-7', role: 'resident', unit: NEED.community },
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('stores hashes of sessions only, and records who came in', async () => {
    const { browser } = await loggedIn();
    const session = (await browser.go(`${bench.base}/v1/me`)).text;
    const stored = await bench.engine.db.collection('sessions').find().toArray();
    expect(stored.every(({ _id }) => /^[0-9a-f]{64}$/.test(String(_id)))).toBe(true);
    expect(session).not.toContain(String(stored[0]?._id));
    expect(await bench.engine.db.collection('auditLedger').countDocuments({ type: 'LoggedIn', actorId: 'resident-7' })).toBeGreaterThan(0);
  });

  it('lets a page write only with its own token', async () => {
    const { browser, csrf } = await loggedIn();
    const submit = (headers: Record<string, string>) =>
      browser.go(`${bench.base}/v1/needs`, {
        method: 'POST',
        body: JSON.stringify(NEED),
        headers: { 'content-type': 'application/json', ...headers },
      });
    for (const headers of [{}, { 'x-qiyue-csrf': 'guess' }, { 'x-qiyue-csrf': '' }] as Record<string, string>[]) {
      expect(await submit(headers)).toMatchObject({ status: 403, text: expect.stringContaining('"csrf"') });
    }
    expect((await submit({ 'x-qiyue-csrf': csrf })).status).toBe(201);
    expect((await browser.go(`${bench.base}/v1/needs?limit=1`)).status).toBe(200);
  });

  it('ends with the logout', async () => {
    const { browser, csrf } = await loggedIn();
    expect((await browser.go(`${bench.base}/v1/logout`, { method: 'POST', headers: { 'x-qiyue-csrf': csrf } })).status).toBe(204);
    expect((await browser.go(`${bench.base}/v1/me`)).status).toBe(401);
  });

  it('takes what the provider sends back once, from the browser that began, and unchanged', async () => {
    const browser = new Browser();
    const callback = await untilCallback(browser);
    expect((await new Browser().go(callback)).status).toBe(401); // another browser: a link that somebody was sent
    expect((await browser.go(callback)).status).toBe(302);
    expect((await browser.go(callback)).status).toBe(401); // replayed
    for (const [name, value] of [
      ['state', 'another'],
      ['code', 'another'],
      ['iss', 'https://evil.example'],
    ] as const) {
      const again = new Browser();
      const changed = await untilCallback(again);
      changed.searchParams.set(name, value);
      expect([name, (await again.go(changed)).status]).toEqual([name, 401]);
    }
  });

  it('keeps nobody out, however many logins are begun, and keeps nothing of those that do not come back', async () => {
    const begin = async (): Promise<number> => (await fetch(`${bench.base}/login`, { redirect: 'manual' })).status;
    const rows = () => bench.engine.db.collection('logins').countDocuments();
    const before = await rows();
    const statuses = new Set<number>();
    for (let round = 0; round < 48; round += 1) for (const status of await Promise.all(Array.from({ length: 25 }, begin))) statuses.add(status);
    expect([...statuses]).toEqual([302]);
    expect(await rows()).toBe(before);
    const junk = () =>
      fetch(`${bench.base}/login/callback?code=junk&state=junk`, { redirect: 'manual', headers: { cookie: `qiyue_login=${'x'.repeat(200)}` } });
    expect(new Set((await Promise.all(Array.from({ length: 150 }, junk))).map(({ status }) => status))).toEqual(new Set([401]));
    await loggedIn();
    expect(await rows()).toBe(before + 1);
  }, 60_000);

  it('is on record with the address when it fails, and why', async () => {
    const browser = new Browser();
    const callback = await untilCallback(browser);
    await new Browser().go(callback);
    callback.searchParams.set('code', 'another');
    await browser.go(callback);
    await browser.go(callback);
    const told = await eventually('three records', async () => {
      const found = await bench.engine.db.collection('auditLedger').find({ type: 'LoginFailed' }).sort({ time: 1, seq: 1 }).toArray();
      const data = found.map(({ canonical }) => (JSON.parse(String(canonical)) as { data: { why: string; from: object } }).data);
      return ['unknown', 'refused', 'replayed'].every((why) => data.some((fact) => fact.why === why)) ? data : null;
    });
    for (const { from } of told) expect(from).toEqual({ way: 'login', address: '127.0.0.1' });
    const loggedInFrom = await bench.engine.db.collection('auditLedger').findOne({ type: 'LoggedIn' });
    expect(JSON.parse(String(loggedInFrom?.['canonical']))).toMatchObject({ data: { by: 'oidc', from: { way: 'login', address: '127.0.0.1' } } });
  });

  it('leads back to paths of ours only', async () => {
    for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/a\nb', ['/', '/'], undefined])
      expect(localPath(elsewhere)).toBe('/');
    expect(localPath('/pages/needs?stage=claimed#top')).toBe('/pages/needs?stage=claimed#top');
    const browser = new Browser();
    expect((await browser.go(await untilCallback(browser, '//evil.example'))).to?.href).toBe(`${bench.base}/`);
  });

  it('tells a token’s holder who they are, too', async () => {
    expect((await bench.get('/v1/me', SUPERVISOR)).body).toMatchObject({ actor: { id: 's-1', role: 'supervisor', unit: null }, csrf: null });
  });

  it('is not there where nothing is set, and says what is missing where half of it is', async () => {
    expect(OidcLogin.of({})).toBeNull();
    expect(() => OidcLogin.of({ QIYUE_OIDC_ISSUER: 'https://id.example' })).toThrow('all are needed, or none');
  });

  it('has a provider that believes everybody nowhere in production', async () => {
    const options = { port: 1, clientId: 'c', clientSecret: SECRET, redirect: 'http://127.0.0.1/x', env: { NODE_ENV: 'production' } };
    await expect(startLocalProvider(options)).rejects.toThrow('does not run in production');
  });
});
