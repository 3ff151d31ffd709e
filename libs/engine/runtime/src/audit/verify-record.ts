import { GENESIS_HASH, openRecord, type RecordBody } from '@qiyue/engine';
import type { LedgerDocument } from '../ledger/documents';
import { recordHash } from '../ledger/record-hash';

/** One thing that is wrong with a stream, at the first record where it shows. */
export interface Finding {
  /** The entity. */
  readonly stream: string;
  readonly seq: number;
  readonly kind: 'gap' | 'link' | 'hash' | 'copy' | 'malformed' | 'missing' | 'rewritten' | 'unfed' | 'unpublished' | 'checkpoint' | 'outcome';
  readonly detail: string;
}

/** Where a walk along one stream has come. */
export interface Walked {
  readonly seq: number;
  readonly hash: string;
}

const COPIES = ['_id', 'entity', 'seq', 'aggregate', 'type', 'time', 'actorId', 'actorUnit', 'commandId', 'prevHash'] as const;

/** Pure: what is wrong with this record behind `before` (null: it should be the first of its stream). */
export const verifyRecord = (document: LedgerDocument, before: Walked | null): readonly Finding[] => {
  const finding = (kind: Finding['kind'], detail: string): Finding => ({ stream: document.entity, seq: document.seq, kind, detail });
  const expectedSeq = (before?.seq ?? 0) + 1;
  if (document.seq !== expectedSeq) return [finding('gap', `expected seq ${expectedSeq}, found ${document.seq}`)];
  if (document.prevHash !== (before?.hash ?? GENESIS_HASH)) return [finding('link', 'prevHash is not the hash of the record before')];
  return verifyAlone(document);
};

/** What is wrong with a record by itself, wherever it stands. */
export const verifyAlone = (document: LedgerDocument): readonly Finding[] => {
  const finding = (kind: Finding['kind'], detail: string): Finding => ({ stream: document.entity, seq: document.seq, kind, detail });
  const body = bodyIn(document.canonical);
  const hash = recordHash(String(document.canonical), body?.suite);
  if (hash === null) return [finding('malformed', 'its cryptographic suite is not known to this version')];
  if (hash !== document.hash) return [finding('hash', 'the stored bytes do not have the stored hash')];
  return copiesOf(document, body, finding);
};

/** The fields beside the bytes are copies for finding by: they may neither differ from the bytes nor say more. */
const copiesOf = (
  document: LedgerDocument,
  body: RecordBody | null,
  finding: (kind: Finding['kind'], detail: string) => Finding,
): readonly Finding[] => {
  const expected = body === null ? null : copiesIn(body);
  if (expected === null) return [finding('malformed', 'the stored bytes are no record')];
  if (COPIES.every((name) => document[name] === expected[name]) && countOf(document) === FIELDS.size) return [];
  const differing = COPIES.filter((name) => document[name] !== expected[name]);
  const surplus = Object.keys(document).filter((name) => !FIELDS.has(name));
  const wrong = [...differing.map((name) => `${name} differs from the bytes`), ...surplus.map((name) => `${name} is not a field of a record`)];
  return wrong.map((detail) => finding('copy', detail));
};

const FIELDS: ReadonlySet<string> = new Set([...COPIES, 'hash', 'canonical']);

const countOf = (document: object): number => {
  let count = 0;
  for (const _ in document) count += 1;
  return count;
};

/** Null for bytes that are no record. */
const bodyIn = (canonical: string): RecordBody | null => {
  try {
    const body: unknown = openRecord({ canonical });
    return typeof body === 'object' && body !== null ? (body as RecordBody) : null;
  } catch {
    return null;
  }
};

const copiesIn = ({
  entity,
  seq,
  aggregate,
  type,
  time,
  actor,
  commandId,
  prevHash,
}: RecordBody): Omit<LedgerDocument, 'hash' | 'canonical'> | null => {
  const by = actor as RecordBody['actor'] | null | undefined;
  if (typeof by !== 'object' || by === null) return null;
  return { _id: `${entity}:${seq}`, entity, seq, aggregate, type, time, actorId: by.id, actorUnit: by.unit, commandId, prevHash };
};
