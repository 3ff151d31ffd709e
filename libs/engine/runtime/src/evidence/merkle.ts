import { createHash } from 'node:crypto';

/** Merkle trees of RFC 6962, section 2.1: SHA-256, leaves and nodes told apart by their first byte. */

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of a leaf. */
export const leafHash = (data: Uint8Array): Buffer => sha256(LEAF, data);
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** The largest power of two below `size`, which is at least 2. */
const splitOf = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** The root over hashes of leaves; of none, the hash of nothing. */
export const merkleRoot = (leaves: readonly Buffer[]): Buffer => (leaves.length === 0 ? sha256() : rootOf(leaves, 0, leaves.length));

const rootOf = (leaves: readonly Buffer[], start: number, end: number): Buffer => {
  if (end - start === 1) return leaves[start] as Buffer;
  const middle = start + splitOf(end - start);
  return nodeHash(rootOf(leaves, start, middle), rootOf(leaves, middle, end));
};

/** The audit path of the leaf at `index`, from the leaf to the root. Throws a `RangeError` when there is no such leaf. */
export const inclusionProof = (leaves: readonly Buffer[], index: number): readonly Buffer[] => {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError(`no leaf ${index} among ${leaves.length}`);
  return pathOf(leaves, index, 0, leaves.length);
};

const pathOf = (leaves: readonly Buffer[], index: number, start: number, end: number): readonly Buffer[] => {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...pathOf(leaves, index, start, middle), rootOf(leaves, middle, end)]
    : [...pathOf(leaves, index, middle, end), rootOf(leaves, start, middle)];
};

/** The root that a leaf and its path lead to, as RFC 9162, section 2.1.3.2, has it; null when the path does not fit such a tree. */
export const rootByProof = (leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null => {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size) return null;
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(sibling, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else root = nodeHash(root, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? root : null;
};

const half = (n: number): number => Math.floor(n / 2);
