import { checkpointHash, FIRST_PREV, isSignedBy, openCheckpoint, type Checkpoint, type PublicKey, type SignedCheckpoint } from './checkpoint';
import { StreamEnds } from './stream-ends';

/** What is wrong with a checkpoint; what comes behind it proves nothing. */
export interface ChainFault {
  /** Its number, or the place at which it lies. */
  readonly n: number;
  readonly why: 'malformed' | 'missing' | 'out-of-order' | 'not-linked' | 'bad-signature' | 'wrong-root';
}

/**
 * A chain of checkpoints as far as it holds, read one after the other.
 *
 * Contract:
 * 1. A checkpoint is taken when it is the next number, names the hash of the one before and is signed by the key whose turn
 *    it is. The first key is the one that the reader trusts. The ends that changed are signed with it, so the root, which
 *    takes all of them, need only be looked at for the last one: `fault`.
 * 2. `nextKey` hands over: from the next checkpoint on, that key signs and no other.
 */
export class CheckpointChain {
  readonly ends = new StreamEnds();
  private last: { readonly body: Checkpoint; readonly hash: string; readonly key: PublicKey } | null = null;
  private key: PublicKey;

  constructor(trusted: PublicKey) {
    this.key = trusted;
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
    if (body.n !== n) return { n: body.n, why: 'out-of-order' };
    if (body.prev !== this.headHash) return { n, why: 'not-linked' };
    if (body.keyId !== this.key.keyId || !isSignedBy(signed, this.key)) return { n, why: 'bad-signature' };
    this.ends.take(body.changed);
    this.last = { body, hash: checkpointHash(signed), key: this.key };
    this.key = body.nextKey ?? this.key;
    return null;
  }
}
