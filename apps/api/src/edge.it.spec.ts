import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, sendRequest } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { NEED, NEIGHBOUR, RESIDENT } from './testing/people';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowS = (): number => Math.floor(Date.now() / 1000);
const CLAIMS = { sub: 'r-1', role: 'operator', iss: 'https://qiyue.local', aud: 'qiyue', iat: nowS() - 10, exp: nowS() + 600 };

/** A token put together by hand, signed by `seal` over its first two parts. */
const tokenOf = (header: object, claims: object, seal: (text: string) => string): string => {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${seal(text)}`;
};

describe('the edge', () => {
  let bench: ApiBench;
  let publicJwk: { readonly x: string };
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '40' });
    publicJwk = (JSON.parse(await readFile(bench.tokens.jwksPath, 'utf8')) as { keys: [{ x: string }] }).keys[0];
  }, 60_000);
  afterAll(() => bench.close());

  const statusWith = async (token: string): Promise<number> => (await sendRequest(`${bench.base}/v1/needs?limit=1`, 'GET', { token })).status;
  const forged = generateKeyPairSync('ed25519').privateKey;
  const byForger = (text: string): string => sign(null, Buffer.from(text), forged).toString('base64url');
  const bySecret = (secret: string | Buffer) => (text: string) => createHmac('sha256', secret).update(text).digest('base64url');

  it('lets a good token in', async () => {
    expect(await statusWith(await bench.tokens.make(RESIDENT))).toBe(200);
  });

  const BAD: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['signed by another key', () => tokenOf({ alg: 'EdDSA' }, CLAIMS, byForger)],
    ['that brings its own key', () => tokenOf({ alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x } }, CLAIMS, byForger)],
    ['that is not signed: alg none', () => tokenOf({ alg: 'none' }, CLAIMS, () => '')],
    ['that is not signed: alg None', () => tokenOf({ alg: 'None' }, CLAIMS, () => '')],
    ['signed with the public key as a secret', () => tokenOf({ alg: 'HS256' }, CLAIMS, bySecret(Buffer.from(publicJwk.x, 'base64url')))],
    ['signed with the text of the public key as a secret', () => tokenOf({ alg: 'HS256' }, CLAIMS, bySecret(JSON.stringify(publicJwk)))],
    ['that has expired', () => bench.tokens.make(RESIDENT, { expiresInS: -1 })],
    ['for another audience', () => bench.tokens.make(RESIDENT, { audience: 'somebody-else' })],
    ['of another issuer', () => bench.tokens.make(RESIDENT, { issuer: 'https://elsewhere.example' })],
    ['of a role that there is not', () => bench.tokens.make({ actor: 'r-1', role: 'system' })],
    ['that names somebody by a pseudonym', () => bench.tokens.make({ ...RESIDENT, actor: 'p-0123456789abcdef0123' })],
    ['that calls itself a key', () => bench.tokens.make({ actor: 'key:0123456789abcdef', role: 'operator' })],
    ['whose claims were exchanged', async () => swapClaims(await bench.tokens.make(RESIDENT), { ...CLAIMS, role: 'supervisor' })],
    ['without its signature', async () => (await bench.tokens.make(RESIDENT)).split('.').slice(0, 2).join('.')],
    ['with an empty signature', async () => `${(await bench.tokens.make(RESIDENT)).split('.').slice(0, 2).join('.')}.`],
    ['that is no token', () => 'x'],
    ['of ten thousand characters', () => 'x'.repeat(10_000)],
  ];
  it.each(BAD)('turns away a token %s', async (_, make) => {
    expect(await statusWith(await make())).toBe(401);
  });

  it('names the way to authenticate, and never what was wrong with a signature', async () => {
    const answer = await sendRequest(`${bench.base}/v1/needs`, 'GET', { token: tokenOf({ alg: 'EdDSA' }, CLAIMS, byForger) });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="qiyue", error="invalid_token"');
    expect(answer.body).toMatchObject({ code: 'unauthenticated' });
  });

  it('lets two hundred at once pass, and slows down who goes on like that, nobody else', async () => {
    const ask = (who: typeof RESIDENT) => bench.get('/v1/needs?limit=1', who);
    const answers = (count: number) => Promise.all(Array.from({ length: count }, () => ask(NEIGHBOUR)));
    expect(new Set((await answers(200)).map(({ status }) => status))).toEqual(new Set([200]));
    const slowed = await eventually('to be slowed down', async () => (await answers(100)).find(({ status }) => status === 429), 20_000);
    expect(slowed.body).toMatchObject({ code: 'too-many-requests' });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask(RESIDENT)).status).toBe(200);
  });

  it('slows down who tries a thousand bad tokens; a good one from there still passes', async () => {
    const guess = async (): Promise<number> => statusWith('guess');
    let last = 401;
    for (let round = 0; round < 60 && last === 401; round += 1) last = Math.max(...(await Promise.all(Array.from({ length: 25 }, guess))));
    expect(last).toBe(429);
    expect((await bench.post('/v1/needs', RESIDENT, NEED)).status).toBe(201);
  }, 30_000);

  it('tells no browser to guess, to frame or to load from elsewhere', async () => {
    const { headers } = await bench.get('/v1/needs?limit=1', RESIDENT);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('keeps an idle connection longer than the proxies in front of it do, so that it is never the first to close', async () => {
    const { headers } = await bench.get('/v1/needs?limit=1', RESIDENT);
    expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  });
});

const swapClaims = (token: string, claims: object): string => token.split('.').with(1, part(claims)).join('.');
