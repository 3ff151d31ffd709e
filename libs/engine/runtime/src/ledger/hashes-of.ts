import type { LedgerStore } from './ledger-store';

/** Hashes of the records that the ledger holds at these places, by `<entity>:<seq>`. One read; what is not held is not in it. */
export const hashesOf = async (
  { ledger }: Pick<LedgerStore, 'ledger'>,
  places: readonly { readonly entity: string; readonly seq: number }[],
): Promise<ReadonlyMap<string, string>> => {
  const ids = [...new Set(places.map(({ entity, seq }) => `${entity}:${seq}`))];
  const found = await ledger.find({ _id: { $in: ids } }, { projection: { hash: 1 } }).toArray();
  return new Map(found.map(({ _id, hash }) => [_id, hash]));
};
