/** What a room pays, or by how much of the whole it takes part: its area, or the share that the owners agreed on. */
export interface Weight {
  readonly room: string;
  readonly weight: number;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Whole fen for each room, which sum to the whole (largest remainder; among equal remainders the room whose name comes first). The order of the rooms makes
 * no difference. Exact: 10^13 fen times an area is more than a number can hold. Civil Code Art. 283: by area, unless agreed otherwise.
 */
export const splitCost = (totalFen: number, weights: readonly Weight[]): ReadonlyMap<string, number> => {
  const [total, all] = [BigInt(totalFen), weights.reduce((sum, { weight }) => sum + BigInt(weight), 0n)];
  if (all === 0n) return new Map(weights.map(({ room }) => [room, 0]));
  const shares = weights.map(({ room, weight }) => ({ room, fen: (total * BigInt(weight)) / all, rest: (total * BigInt(weight)) % all }));
  const left = Number(total - shares.reduce((sum, { fen }) => sum + fen, 0n));
  const rounded = shares.toSorted((a, b) => (a.rest === b.rest ? byCode(a.room, b.room) : a.rest > b.rest ? -1 : 1));
  return new Map(rounded.map(({ room, fen }, i) => [room, Number(fen) + (i < left ? 1 : 0)]));
};
