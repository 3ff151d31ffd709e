import { endBytes, type StreamEnd } from './checkpoint';
import { inclusionProof, leafHash, merkleRoot } from './merkle';

/** Where a stream's leaf lies in the tree, and the path from it to the root, hex. */
export interface EndProof {
  readonly end: StreamEnd;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}

/** The ends of all streams, as the checkpoints up to some moment have said them; a tree over them in order of entity. */
export class StreamEnds {
  private readonly ends = new Map<string, StreamEnd>();

  /** What a checkpoint says is new. */
  take(changed: readonly StreamEnd[]): void {
    for (const end of changed) this.ends.set(end.entity, end);
  }

  /** What was given up. */
  drop(entity: string): void {
    this.ends.delete(entity);
  }

  /** Where a stream ended; undefined for one that no checkpoint names. */
  of(entity: string): StreamEnd | undefined {
    return this.ends.get(entity);
  }

  get size(): number {
    return this.ends.size;
  }

  /** By code units, as `<` compares, on every machine alike. */
  inOrder(): readonly StreamEnd[] {
    return [...this.ends.values()].sort((a, b) => (a.entity < b.entity ? -1 : 1));
  }

  /** Hex. */
  root(): string {
    return merkleRoot(this.leaves(this.inOrder())).toString('hex');
  }

  /** Null for a stream that is not in the tree. */
  proofOf(entity: string): EndProof | null {
    const ordered = this.inOrder();
    const index = ordered.findIndex((end) => end.entity === entity);
    const end = ordered[index];
    if (end === undefined) return null;
    const path = inclusionProof(this.leaves(ordered), index).map((hash) => hash.toString('hex'));
    return { end, index, size: ordered.length, path };
  }

  private leaves(ordered: readonly StreamEnd[]): readonly Buffer[] {
    return ordered.map((end) => leafHash(endBytes(end)));
  }
}
