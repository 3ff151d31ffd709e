import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inclusionProof, leafHash, merkleRoot, rootByProof } from './merkle';

/** Leaves and roots of the reference implementation of Certificate Transparency. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hashes = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
const treeOf = (size: number): readonly Buffer[] => Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

describe('a Merkle tree', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('of %i leaves has the root of RFC 6962', (size, root) => {
    expect(merkleRoot(hashes.slice(0, size)).toString('hex')).toBe(root);
  });

  it('has a path from every leaf to its root', () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = treeOf(size);
      for (const [index, leaf] of leaves.entries()) {
        expect(rootByProof(leaf, index, size, inclusionProof(leaves, index))).toEqual(merkleRoot(leaves));
      }
    }
  });

  it('has no path for another leaf, another place, another size or a changed path', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('leaf', 'place', 'size', 'path', 'shorter', 'longer'),
        (size, a, b, what) => {
          const leaves = treeOf(size);
          const index = a % size;
          const path = inclusionProof(leaves, index);
          const bent = path.map((hash, i) => (i === b % path.length ? leafHash(hash) : hash));
          const other = (index + 1 + (b % (size - 1))) % size;
          const root = {
            leaf: () => rootByProof(leaves[other] as Buffer, index, size, path),
            place: () => rootByProof(leaves[index] as Buffer, other, size, path),
            size: () =>
              inclusionProof(treeOf(size + 1), index).length === path.length ? null : rootByProof(leaves[index] as Buffer, index, size + 1, path),
            path: () => rootByProof(leaves[index] as Buffer, index, size, bent),
            shorter: () => rootByProof(leaves[index] as Buffer, index, size, path.slice(1)),
            longer: () => rootByProof(leaves[index] as Buffer, index, size, [...path, leafHash(Buffer.from('x'))]),
          }[what]();
          expect(root?.equals(merkleRoot(leaves)) ?? false).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has no leaf beside its own', () => {
    expect(() => inclusionProof(hashes, 8)).toThrow(RangeError);
    for (const [index, size] of [
      [8, 8],
      [-1, 8],
      [0, 0],
      [0.5, 8],
    ] as const)
      expect(rootByProof(hashes[0] as Buffer, index, size, [])).toBeNull();
  });
});
