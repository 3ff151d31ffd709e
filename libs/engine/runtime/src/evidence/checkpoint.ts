import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson, FIRST_SUITE, GENESIS_HASH, SUITE_NAME } from '@qiyue/engine';
import { z } from 'zod';

/** Where one stream ended. */
export interface StreamEnd {
  readonly entity: string;
  readonly seq: number;
  /** Of the record at `seq`. */
  readonly hash: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const publicKey = z.strictObject({ keyId: z.string().regex(/^[0-9a-f]{16}$/), ed25519: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

const streamEnd = z.strictObject({ entity: z.string().min(1).max(200), seq: z.int().min(1), hash });
const numbered = z.strictObject({ n: z.int().min(1), hash });
const reason = z.string().min(1).max(500);

const bodySchema = z.strictObject({
  v: z.literal(1),
  n: z.int().min(1),
  time: z.string().min(1).max(40),
  prev: hash,
  position: count,
  records: count,
  streams: count,
  root: hash,
  changed: z.array(streamEnd),
  keyId: z.string(),
  nextKey: publicKey.exactOptional(),
  suite: z.string().regex(SUITE_NAME).exactOptional(),
  settled: z.strictObject({ why: reason, lost: z.array(streamEnd), checkpoints: z.array(numbered) }).exactOptional(),
  restart: z.strictObject({ why: reason, after: numbered.nullable() }).exactOptional(),
});

/**
 * What is signed.
 *
 * `n` counts from 1; `prev` is the SHA-256 of the canonical bytes of the one before, 64 zeros for the first. It covers the feed up to
 * `position`, which is so many `records` in so many `streams`; `root` is the Merkle root (RFC 6962) over the ends of all of
 * them in order of entity, `changed` the ends that are new since the one before, in the same order. `nextKey`: from the next
 * one on, this key signs. `suite` names the algorithms; left out, the first.
 *
 * `settled`: somebody gave up what a restore lost, and said why: records that were signed, or published, and that the ledger does not hold any more,
 * and checkpoints on the topic that are none of this chain. `restart`, in a first one only: the chain begins anew, behind the last one that the
 * topic knew of the chain before.
 */
export type Checkpoint = Readonly<z.infer<typeof bodySchema>>;
/** What somebody gave up: see `Checkpoint`. */
export type Settlement = NonNullable<Checkpoint['settled']>;
/** That a chain began anew: see `Checkpoint`. */
export type Restart = NonNullable<Checkpoint['restart']>;
/** An Ed25519 public key, base64url, with the id that checkpoints name it by. */
export type PublicKey = Readonly<z.infer<typeof publicKey>>;

/** A checkpoint as it is kept: the signed bytes as they were signed, and the Ed25519 signature (RFC 8032) over them, base64url. */
export interface SignedCheckpoint {
  readonly canonical: string;
  readonly signature: string;
}
const signedSchema = z.strictObject({ canonical: z.string(), signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/) });

/** The leaf of a stream is the canonical form (RFC 8785) of its end. */
export const endBytes = ({ entity, seq, hash: last }: StreamEnd): Buffer => Buffer.from(canonicalJson({ entity, seq, hash: last }), 'utf8');

/** What the next one's `prev` is: hex SHA-256 of the signed bytes. */
export const checkpointHash = ({ canonical }: Pick<SignedCheckpoint, 'canonical'>): string =>
  createHash('sha256').update(canonical, 'utf8').digest('hex');

/** A private key of Ed25519, with the public one that others verify by. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly public: PublicKey;
}

/** A key that nobody has had. */
export const newSigningKey = (): SigningKey => signingKeyOf(generateKeyPairSync('ed25519').privateKey);

/** From PEM (PKCS #8). Throws what Node says when it is no Ed25519 key. */
export const readSigningKey = (pem: string): SigningKey => signingKeyOf(createPrivateKey(pem));
/** As PEM (PKCS #8), which `readSigningKey` reads. */
export const writeSigningKey = ({ privateKey }: SigningKey): string => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const signingKeyOf = (privateKey: KeyObject): SigningKey => {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('the key is no Ed25519 key');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, public: { keyId: keyIdOf(x), ed25519: x } };
};

/** The first 16 hex digits of the SHA-256 of the raw public key. */
const keyIdOf = (ed25519: string): string => createHash('sha256').update(Buffer.from(ed25519, 'base64url')).digest('hex').slice(0, 16);

/** Signs the canonical form of a checkpoint. */
export const signCheckpoint = (body: Omit<Checkpoint, 'v' | 'keyId' | 'suite'>, key: SigningKey): SignedCheckpoint => {
  const canonical = canonicalJson({ ...body, v: 1, keyId: key.public.keyId, suite: FIRST_SUITE });
  return { canonical, signature: sign(null, Buffer.from(canonical, 'utf8'), key.privateKey).toString('base64url') };
};

/** Null for anything but a checkpoint in canonical form; says nothing about its signature. */
export const openCheckpoint = (signed: unknown): Checkpoint | null => {
  const outer = signedSchema.safeParse(signed);
  if (!outer.success) return null;
  try {
    const value: unknown = JSON.parse(outer.data.canonical);
    const parsed = bodySchema.safeParse(value);
    return parsed.success && canonicalJson(parsed.data) === outer.data.canonical ? parsed.data : null;
  } catch {
    return null;
  }
};

/** Whether the signature is this key's over these bytes, and the key the one that its id says. */
export const isSignedBy = ({ canonical, signature }: SignedCheckpoint, { keyId, ed25519 }: PublicKey): boolean => {
  if (keyIdOf(ed25519) !== keyId) return false;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: ed25519 }, format: 'jwk' });
  return verify(null, Buffer.from(canonical, 'utf8'), key, Buffer.from(signature, 'base64url'));
};

/** `prev` of a first checkpoint. */
export const FIRST_PREV = GENESIS_HASH;
