import { openRecord, suiteOf, type EventRecord } from '@qiyue/engine';
import { z } from 'zod';
import { toLedgerDocument, type LedgerDocument } from '../ledger/documents';
import { recordHash } from '../ledger/record-hash';
import { verifyRecord, type Finding, type Walked } from '../audit/verify-record';
import { endBytes, isSignedBy, openCheckpoint, type Checkpoint, type PublicKey, type SignedCheckpoint, type StreamEnd } from './checkpoint';
import { leafHash, rootByProof } from './merkle';
import type { EndProof } from './stream-ends';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const FORMAT = 'qiyue-evidence-1';

/**
 * One stream with all that proves it, for a person without the system: the records' bytes, and the path from the stream's end to
 * the root of a signed checkpoint. `key` is there to be compared with the one that was published.
 */
const bundleSchema = z.strictObject({
  format: z.literal(FORMAT),
  entity: z.string().min(1).max(200),
  records: z.array(z.string()).min(1),
  proof: z
    .strictObject({
      end: z.strictObject({ entity: z.string(), seq: z.int().min(1), hash: hex }),
      index: z.int().min(0),
      size: z.int().min(1),
      path: z.array(hex).max(64),
    })
    .nullable(),
  checkpoint: z.strictObject({ canonical: z.string(), signature: z.string() }).nullable(),
  key: z.strictObject({ keyId: z.string(), ed25519: z.string() }).nullable(),
});
/** A stream with its proof, as a file. */
export type Bundle = Readonly<z.infer<typeof bundleSchema>>;

/** What proves a stream: its end in the tree of a signed checkpoint. */
export interface Sealed {
  readonly proof: EndProof;
  readonly checkpoint: SignedCheckpoint;
  readonly key: PublicKey;
}

/** `sealed`: null when no checkpoint covers the stream yet. */
export const evidenceBundleOf = (entity: string, records: readonly LedgerDocument[], sealed: Sealed | null): Bundle => ({
  format: FORMAT,
  entity,
  records: records.map(({ canonical }) => canonical),
  proof: sealed === null ? null : { ...sealed.proof, end: { ...sealed.proof.end }, path: [...sealed.proof.path] },
  checkpoint: sealed?.checkpoint ?? null,
  key: sealed?.key ?? null,
});

/**
 * `proven`: everything holds, up to a signature by the trusted key, or by the key in the bundle where none was named. `linked`: no checkpoint is in it, and
 * its records fit each other. `other-key`: everything holds, and it is not the trusted key that signed. `damaged`: something in the file is not
 * what was exported.
 */
export type BundleState = 'proven' | 'linked' | 'other-key' | 'damaged';

/** What a bundle proves, and what is wrong with it. */
export interface BundleVerdict {
  /** Nothing is wrong, and a key that was named has signed. */
  readonly ok: boolean;
  readonly state: BundleState;
  readonly entity: string;
  readonly records: number;
  /** So many of them, from the first on, are under the signature; those behind are only linked to them. */
  readonly coveredRecords: number;
  /** Whoever signed it. Null when there is none, or none that holds. */
  readonly checkpoint: { readonly n: number; readonly time: string; readonly keyId: string } | null;
  readonly findings: readonly Finding[];
}

/** Null for what is no bundle. `trustedKeyId`: the signature must be by this key. */
export const verifyBundle = (value: unknown, trustedKeyId?: string): BundleVerdict | null => {
  const parsed = bundleSchema.safeParse(value);
  if (!parsed.success) return null;
  const bundle: Bundle = parsed.data;
  const seal = sealOf(bundle);
  const damage = [...seal.findings, ...linksOf(bundle)];
  const untrusted = trustedKeyId === undefined ? [] : keyFindings(bundle, seal, trustedKeyId);
  const findings = [...damage, ...untrusted];
  return {
    ok: findings.length === 0,
    state: damage.length > 0 ? 'damaged' : seal.checkpoint === null ? 'linked' : untrusted.length > 0 ? 'other-key' : 'proven',
    entity: bundle.entity,
    records: bundle.records.length,
    coveredRecords: findings.length === 0 ? (bundle.proof?.end.seq ?? 0) : 0,
    checkpoint: seal.checkpoint === null ? null : { n: seal.checkpoint.n, time: seal.checkpoint.time, keyId: seal.checkpoint.keyId },
    findings,
  };
};

const keyFindings = ({ entity }: Bundle, { checkpoint, findings }: Seal, trustedKeyId: string): readonly Finding[] => {
  if (checkpoint?.keyId === trustedKeyId || (checkpoint === null && findings.length > 0)) return [];
  const detail = checkpoint === null ? 'no checkpoint is in the bundle' : `signed by ${checkpoint.keyId}, which is not the key that is trusted`;
  return [{ stream: entity, seq: 0, kind: 'checkpoint', detail }];
};

/** Forwards: each record behind the one before it. */
const linksOf = ({ entity, records }: Bundle): readonly Finding[] => {
  let before: Walked | null = null;
  for (const [i, canonical] of records.entries()) {
    const document = documentOf(canonical);
    if (document?.entity !== entity) return [{ stream: entity, seq: i + 1, kind: 'malformed', detail: 'the bytes are no record of this stream' }];
    const wrong = verifyRecord(document, before);
    if (wrong.length > 0) return wrong;
    before = document;
  }
  return [];
};

/** Backwards, from the end that is signed: the last record that is not the one that its successor, or the checkpoint, names. */
const behindSeal = (entity: string, records: readonly string[], end: StreamEnd): Finding | null => {
  if (records.length < end.seq)
    return { stream: entity, seq: records.length + 1, kind: 'missing', detail: `the checkpoint has seen ${end.seq} records of it` };
  let named = end.hash;
  for (let seq = end.seq; seq >= 1; seq -= 1) {
    const document = documentOf(records[seq - 1] ?? '');
    if (document?.hash !== named) return { stream: entity, seq, kind: 'rewritten', detail: 'the record is not the one that is named behind it' };
    named = document.prevHash;
  }
  return null;
};

const documentOf = (canonical: string): LedgerDocument | null => {
  try {
    const { entity, seq, prevHash, suite } = openRecord({ canonical } as EventRecord);
    return toLedgerDocument({ entity, seq, prevHash, hash: recordHash(canonical, suite), canonical } as EventRecord);
  } catch {
    return null;
  }
};

interface Seal {
  readonly findings: readonly Finding[];
  /** The signed one; null when there is none, or it does not hold. */
  readonly checkpoint: Checkpoint | null;
}

const sealOf = ({ entity, records, proof, checkpoint, key }: Bundle): Seal => {
  const no = (seq: number, kind: Finding['kind'], detail: string): Seal => ({ findings: [{ stream: entity, seq, kind, detail }], checkpoint: null });
  if (proof === null && checkpoint === null && key === null) return { findings: [], checkpoint: null };
  if (proof === null || checkpoint === null || key === null) return no(0, 'checkpoint', 'a part of the proof is missing');
  const body = openCheckpoint(checkpoint);
  if (body === null || suiteOf(body.suite) === null) return no(0, 'checkpoint', 'the checkpoint cannot be read by this version');
  if (body.keyId !== key.keyId || !isSignedBy(checkpoint, key)) return no(0, 'checkpoint', 'the checkpoint is not signed by the key beside it');
  const { end, index, size, path } = proof;
  const root = rootByProof(
    leafHash(endBytes(end)),
    index,
    size,
    path.map((hash) => Buffer.from(hash, 'hex')),
  );
  if (end.entity !== entity || size !== body.streams || root?.toString('hex') !== body.root)
    return no(end.seq, 'checkpoint', 'the path does not lead to the root that is signed');
  const wrong = behindSeal(entity, records, end);
  return wrong === null ? { findings: [], checkpoint: body } : { findings: [wrong], checkpoint: null };
};
