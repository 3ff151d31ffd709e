import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

export interface Who {
  readonly actor: string;
  readonly role: string;
  readonly unit?: string;
}

interface Odd {
  readonly expiresInS?: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly scope?: string;
  /** Beside those of every token. */
  readonly claims?: object;
}

/** Tokens of a key pair of its own, and the JWKS file that an API knows it by. */
export class TestTokens {
  private readonly minted = new Map<string, Promise<string>>();

  private constructor(
    private readonly key: CryptoKey,
    readonly jwksPath: string,
  ) {}

  static async create(): Promise<TestTokens> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');
    const jwksPath = join(await mkdtemp(join(tmpdir(), 'qiyue-api-')), 'jwks.json');
    await writeFile(jwksPath, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'EdDSA' }] }));
    return new TestTokens(privateKey, jwksPath);
  }

  /** A folder for persons' keys, gone with the tokens. */
  get keysPath(): string {
    return join(dirname(this.jwksPath), 'keys');
  }

  mint(who: Who): Promise<string> {
    const name = JSON.stringify(who);
    const token = this.minted.get(name) ?? this.make(who);
    this.minted.set(name, token);
    return token;
  }

  make(
    { actor, role, unit }: Who,
    { expiresInS = 600, issuer = 'https://qiyue.local', audience = 'qiyue', scope, claims = {} }: Odd = {},
  ): Promise<string> {
    const nowS = Math.floor(Date.now() / 1000);
    return new SignJWT({ role, ...claims, ...(unit === undefined ? {} : { unit }), ...(scope === undefined ? {} : { scope }) })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(actor)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(nowS - 1_000)
      .setExpirationTime(nowS + expiresInS)
      .sign(this.key);
  }

  async remove(): Promise<void> {
    await rm(dirname(this.jwksPath), { recursive: true, force: true });
  }
}
