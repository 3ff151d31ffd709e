import { GENESIS_HASH } from '@qiyue/engine';
import { verifyAlone } from '../audit/verify-record';
import type { LedgerDocument } from '../ledger/documents';

/** What is known of a stream that is damaged. */
export interface StreamEvidence {
  /** What the ledger holds under its name, whatever it is worth. */
  readonly held: readonly LedgerDocument[];
  /** What others hold of it; the hash of each covers its content. */
  readonly copies: readonly LedgerDocument[];
  /** Records that a witness names: the end that a checkpoint has signed, where the workflow stands. */
  readonly anchors: readonly { readonly seq: number; readonly hash: string }[];
  /** How far it has to reach by the feed's word. */
  readonly owedSeq: number;
}

/**
 * `does-not-close`: nothing that fits is known at `seq`. `contradicts-witness`: what fits there is not what a witness names. `ambiguous`: two histories
 * fit, and no witness tells which is true.
 */
export type MendedStream =
  | { readonly ok: true; readonly stream: readonly LedgerDocument[] }
  | { readonly ok: false; readonly why: 'does-not-close' | 'contradicts-witness' | 'ambiguous'; readonly seq: number };

/**
 * The one history that everything which is sound fits into, from the first record on, each linked to the one before. Pure.
 *
 * Contract:
 * 1. A record counts when its own hash covers its bytes and its fields are those of its bytes, wherever it comes from; never for being first.
 * 2. The stream reaches as far as feed, ledger and witnesses know. What only a copy knows beyond that proves nothing: anybody can make a record that
 *    fits behind the last.
 * 3. One history or none: it never chooses.
 */
export const mendStream = (entity: string, { held, copies, anchors, owedSeq }: StreamEvidence): MendedStream => {
  const sound = held.filter((document) => document.entity === entity && verifyAlone(document).length === 0);
  const known = bySeq([...sound, ...copies.filter((copy) => copy.entity === entity)]);
  const end = Math.max(owedSeq, ...sound.map(({ seq }) => seq), ...anchors.map(({ seq }) => seq), 0);
  const levels: (readonly LedgerDocument[])[] = [];
  let before: ReadonlySet<string> = new Set([GENESIS_HASH]);
  for (let seq = 1; seq <= end; seq += 1) {
    const linked = [...(known.get(seq)?.values() ?? [])].filter(({ prevHash }) => before.has(prevHash));
    if (linked.length === 0) return { ok: false, why: 'does-not-close', seq };
    const named = anchors.filter((anchor) => anchor.seq === seq);
    const fitting = linked.filter(({ hash }) => named.every((anchor) => anchor.hash === hash));
    if (fitting.length === 0) return { ok: false, why: 'contradicts-witness', seq };
    levels.push(fitting);
    before = new Set(fitting.map(({ hash }) => hash));
  }
  return oneOf(levels);
};

/** Backwards: what has no successor is no part of a history that reaches the end. */
const oneOf = (levels: readonly (readonly LedgerDocument[])[]): MendedStream => {
  const stream: LedgerDocument[] = [];
  let ambiguousAt: number | null = null;
  let named: ReadonlySet<string> | null = null;
  for (const level of levels.toReversed()) {
    const alive = level.filter(({ hash }) => named?.has(hash) ?? true);
    if (alive.length > 1) ambiguousAt = alive[0]?.seq ?? null;
    stream.unshift(alive[0] as LedgerDocument);
    named = new Set(alive.map(({ prevHash }) => prevHash));
  }
  return ambiguousAt === null ? { ok: true, stream } : { ok: false, why: 'ambiguous', seq: ambiguousAt };
};

const bySeq = (documents: readonly LedgerDocument[]): ReadonlyMap<number, ReadonlyMap<string, LedgerDocument>> => {
  const known = new Map<number, Map<string, LedgerDocument>>();
  for (const document of documents) {
    const at = known.get(document.seq) ?? new Map<string, LedgerDocument>();
    if (!at.has(document.hash)) at.set(document.hash, document);
    known.set(document.seq, at);
  }
  return known;
};
