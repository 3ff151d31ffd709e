import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { isServerAway } from '../kafka/server-away';
import { KeySetUnavailable, keySetOf } from './key-set';
import { TokenVerifier } from './token-verifier';

const [ISSUER, AUDIENCE] = ['https://qiyue.local', 'qiyue'];
const verifierOf = (place: string) => TokenVerifier.create({ QIYUE_JWKS: place, QIYUE_JWT_ISSUER: ISSUER, QIYUE_JWT_AUDIENCE: AUDIENCE });

describe('the keys of tokens', () => {
  let folder: string;
  let server: Server | null = null;
  let pair: { readonly privateKey: CryptoKey; readonly set: string };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-jwks-'));
    pair = await freshPair('one');
  });
  afterEach(() => {
    server?.close();
    server = null;
    rmSync(folder, { recursive: true, force: true });
  });

  const freshPair = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    return { privateKey, set: JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'EdDSA', kid }] }) };
  };
  const bearer = async (key: CryptoKey, kid = 'one'): Promise<string> => {
    const token = await new SignJWT({ role: 'resident' })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setSubject('r-1')
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('10 minutes')
      .sign(key);
    return `Bearer ${token}`;
  };
  const serve = async (status: number, text: string): Promise<string> => {
    const serving = createServer((_req, res) => res.writeHead(status, { 'content-type': 'application/json' }).end(text));
    await new Promise<void>((resolve) => serving.listen(0, '127.0.0.1', resolve));
    server = serving;
    return `http://127.0.0.1:${(serving.address() as AddressInfo).port}/jwks.json`;
  };

  const AWAY: readonly (readonly [string, () => Promise<string> | string])[] = [
    ['a file that is not there', () => join(folder, 'jwks.json')],
    ['a file that is being written', () => (writeFileSync(join(folder, 'half.json'), '{"keys":['), join(folder, 'half.json'))],
    ['a file without keys', () => (writeFileSync(join(folder, 'none.json'), '{}'), join(folder, 'none.json'))],
    ['an address where nobody listens', () => 'http://127.0.0.1:9/jwks.json'],
    ['an address that answers 503', () => serve(503, '{"keys":[]}')],
    ['an address that answers a page', () => serve(200, '<html>')],
    ['an address that answers no set', () => serve(200, '{"error":"later"}')],
  ];
  it.each(AWAY)('that are away say nothing about a token, and are waited for: %s', async (_, place) => {
    const verifier = verifierOf(await place());
    const failure: unknown = await verifier.verify(await bearer(pair.privateKey)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KeySetUnavailable);
    expect(isServerAway(failure)).toBe(true);
    await expect(verifier.look()).rejects.toThrow(KeySetUnavailable);
  });

  it('that are there tell a good token from a bad one, whatever form the bad one has', async () => {
    const verifier = verifierOf(await serve(200, pair.set));
    expect(await verifier.verify(await bearer(pair.privateKey))).toMatchObject({ ok: true, actor: { id: 'r-1' } });
    const forger = (await freshPair('one')).privateKey;
    for (const bad of [await bearer(forger), await bearer(pair.privateKey, 'two'), 'Bearer x', 'Bearer a.b.c'])
      expect(await verifier.verify(bad)).toEqual({ ok: false, why: 'invalid' });
    await verifier.look();
  });

  it('that an address gave last are good while it is away; of a key that it may have since, nobody can say anything', async () => {
    const place = await serve(200, pair.set);
    const keys = keySetOf(place, 0); // asked for anew with each token
    const header = { alg: 'EdDSA', kid: 'one' };
    const token = { payload: '', signature: '' };
    await keys(header, token);
    await new Promise((resolve) => server?.close(resolve));
    expect(await keys(header, token)).toBeDefined();
    await expect(keys({ ...header, kid: 'two' }, token)).rejects.toThrow(KeySetUnavailable);
  });

  it('are taken from a file that appears later, without a restart', async () => {
    const path = join(folder, 'jwks.json');
    const verifier = verifierOf(path);
    await expect(verifier.verify(await bearer(pair.privateKey))).rejects.toThrow(KeySetUnavailable);
    writeFileSync(path, pair.set);
    expect(await verifier.verify(await bearer(pair.privateKey))).toMatchObject({ ok: true });
  });
});
