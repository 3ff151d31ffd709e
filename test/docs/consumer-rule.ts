/** What a consumer keeps per entity, in the same transaction as what it makes of the events. */
export interface Last {
  readonly seq: number;
  readonly hash: string;
}

type Numbered = { readonly sequence: string; readonly prevhash: string; readonly hash: string };

/** The whole rule by which nothing is lost, doubled or out of order, whatever the topic repeats. `last` is null before the first. */
export const judge = (last: Last | null, { sequence, prevhash, hash }: Numbered): 'apply' | 'drop' | 'gap' | 'fork' => {
  const seq = Number(sequence);
  const known = last ?? { seq: 0, hash: '0'.repeat(64) };
  if (seq < known.seq) return 'drop';
  if (seq === known.seq) return hash === known.hash ? 'drop' : 'fork';
  if (seq > known.seq + 1) return 'gap';
  return prevhash === known.hash ? 'apply' : 'fork';
};
