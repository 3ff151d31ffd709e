import { suiteOf } from '@qiyue/engine';
import {
  checkpointHash,
  FIRST_PREV,
  isSignedBy,
  openCheckpoint,
  type Checkpoint,
  type PublicKey,
  type Restart,
  type SignedCheckpoint,
  type StreamEnd,
} from './checkpoint';
import { StreamEnds } from './stream-ends';

/** What is wrong with a checkpoint; what comes behind it proves nothing. */
export interface ChainFault {
  /** Its number, or the place at which it lies. */
  readonly n: number;
  readonly why: 'malformed' | 'unknown-suite' | 'missing' | 'out-of-order' | 'not-linked' | 'bad-signature' | 'contradicts-head' | 'wrong-root';
}

/**
 * A chain of checkpoints as far as it holds, read one after the other.
 *
 * Contract:
 * 1. A checkpoint is taken when it is the next number, names the hash of the one before and is signed by the key whose turn
 *    it is. The first key is the one that the reader trusts. The ends that changed are signed with it, so the root, which
 *    takes all of them, need only be looked at for the last one: `fault`.
 * 2. `nextKey` hands over: from the next checkpoint on, that key signs and no other.
 * 3. No end goes back and none becomes another record, unless the checkpoint says that it was given up.
 */
export class CheckpointChain {
  readonly ends = new StreamEnds();
  private last: { readonly body: Checkpoint; readonly hash: string; readonly key: PublicKey } | null = null;
  private key: PublicKey;
  private readonly lost = new Set<string>();
  private readonly hashes = new Map<number, string>();
  private readonly others = new Set<string>();
  private begun: Restart | null = null;
  private readonly keys = new Map<string, PublicKey>();

  constructor(trusted: PublicKey) {
    this.key = trusted;
    this.keys.set(trusted.keyId, trusted);
  }

  get head(): Checkpoint | null {
    return this.last?.body ?? null;
  }
  get headHash(): string {
    return this.last?.hash ?? FIRST_PREV;
  }
  /** Who signed the last one; null when there is none. */
  get headKey(): PublicKey | null {
    return this.last?.key ?? null;
  }
  /** Who signs the next one. */
  get nextKey(): PublicKey {
    return this.key;
  }

  /** How the chain began anew; null for one that was always there. */
  get restart(): Restart | null {
    return this.begun;
  }
  /** Whether this key signs or has signed here. */
  isOwnKey(keyId: string): boolean {
    return this.keys.has(keyId);
  }
  /** Whether it is signed by a key that signs or has signed here. */
  isSignedHere(signed: SignedCheckpoint): boolean {
    const key = this.keys.get(openCheckpoint(signed)?.keyId ?? '');
    return key !== undefined && isSignedBy(signed, key);
  }
  /** Of the checkpoint with this number; undefined when the chain does not reach so far. */
  hashOf(n: number): string | undefined {
    return this.hashes.get(n);
  }
  /** Whether somebody gave this record up: whoever holds it holds what the ledger rightly lacks. */
  isSettled({ entity, seq, hash }: StreamEnd): boolean {
    return this.lost.has(`${entity}:${seq}:${hash}`);
  }
  /** The same for a checkpoint that is none of this chain. */
  isSettledCheckpoint(hash: string): boolean {
    return this.others.has(hash);
  }

  /** Whether the last one's root is that of all ends. */
  fault(): ChainFault | null {
    if (this.last === null) return null;
    const { n, streams, root } = this.last.body;
    return this.ends.size === streams && this.ends.root() === root ? null : { n, why: 'wrong-root' };
  }

  /** Null when the chain holds with it; else it is left out, and the chain ends before it. */
  take(signed: SignedCheckpoint): ChainFault | null {
    const n = (this.last?.body.n ?? 0) + 1;
    const body = openCheckpoint(signed);
    if (body === null) return { n, why: 'malformed' };
    if (suiteOf(body.suite) === null) return { n, why: 'unknown-suite' };
    if (body.n !== n) return { n: body.n, why: 'out-of-order' };
    if (body.prev !== this.headHash) return { n, why: 'not-linked' };
    if (body.keyId !== this.key.keyId || !isSignedBy(signed, this.key)) return { n, why: 'bad-signature' };
    if (!this.fits(body)) return { n, why: 'contradicts-head' };
    this.giveUp(body);
    this.ends.take(body.changed);
    this.last = { body, hash: checkpointHash(signed), key: this.key };
    this.hashes.set(n, this.last.hash);
    this.key = body.nextKey ?? this.key;
    this.keys.set(this.key.keyId, this.key);
    this.begun ??= body.restart ?? null;
    return null;
  }

  private fits({ changed, settled, position, restart }: Checkpoint): boolean {
    if (restart !== undefined && this.last !== null) return false;
    if (settled === undefined && position < (this.last?.body.position ?? 0)) return false;
    const lost = new Set((settled?.lost ?? []).map(({ entity, seq, hash }) => `${entity}:${seq}:${hash}`));
    return changed.every((end) => {
      const before = this.ends.of(end.entity);
      if (before === undefined || lost.has(`${before.entity}:${before.seq}:${before.hash}`)) return true;
      return end.seq > before.seq || (end.seq === before.seq && end.hash === before.hash);
    });
  }

  private giveUp({ settled }: Checkpoint): void {
    for (const { entity, seq, hash } of settled?.lost ?? []) {
      this.lost.add(`${entity}:${seq}:${hash}`);
      const end = this.ends.of(entity);
      if (end?.seq === seq && end.hash === hash) this.ends.drop(entity);
    }
    for (const { hash } of settled?.checkpoints ?? []) this.others.add(hash);
  }
}
