import { GENESIS_HASH, type RecordBody } from '@qiyue/engine';

/** Where the document of an entity stands: up to which record it was folded. Null: it has none yet. */
export type Folded = { readonly id: string; readonly seq: number; readonly hash: string } | null;

/** Throws on a record that cannot be the next one of the entity: another's, a gap, a broken hash link. */
export const insistOnNext = (expected: string, folded: Folded, { aggregate, entity, seq, prevHash, type }: RecordBody): void => {
  const next = (folded?.seq ?? 0) + 1;
  if (aggregate !== expected) throw new Error(`corrupt stream ${entity}: a record of ${aggregate}`);
  if (folded !== null && folded.id !== entity) throw new Error(`corrupt stream ${folded.id}: a record of ${entity}`);
  if (seq !== next) throw new Error(`corrupt stream ${entity}: expected seq ${next}, got ${seq}`);
  if (prevHash !== (folded?.hash ?? GENESIS_HASH)) throw new Error(`corrupt stream ${entity}: ${type} at ${seq} does not follow the record in front`);
};
