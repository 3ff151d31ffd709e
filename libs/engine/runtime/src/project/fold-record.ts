import { openRecord, type RecordBody } from '@qiyue/engine';
import type { ReceivedRecord } from '../feed/cloud-event';
import type { LedgerDocument } from '../ledger/documents';
import { recordHash } from '../ledger/record-hash';
import type { RecordFold } from './entity-folds';
import type { ModelDocument } from './model';

/** Why an entity is set aside whose records were made under newer rules than its model knows. */
export const RULES_UNKNOWN = 'rules-unknown';

/** Two histories, or a record that this fold cannot take: the entity is set aside with this reason. */
export class Poison extends Error {
  constructor(
    readonly seq: number,
    readonly why: string,
    /** The rules under which the record was made, where they are why. */
    readonly rules?: number,
  ) {
    super(why);
  }
}

/** The rules under which a record was made; those from before there were versions say nothing and mean 1. */
const rulesOf = (body: RecordBody): number => (body as { readonly rules?: number }).rules ?? 1;

/** The entity's document with one more record. Throws `Poison` and nothing else. */
export const foldRecord = <V>(model: RecordFold<V>, document: ModelDocument<V> | null, body: RecordBody, hash: string): ModelDocument<V> => {
  if (document !== null && body.prevHash !== document.hash) throw new Poison(body.seq, 'fork: not linked to the record before');
  const rules = rulesOf(body);
  if (rules > (model.rules ?? 1)) throw new Poison(body.seq, RULES_UNKNOWN, rules);
  try {
    const view = model.fold(document?.view ?? null, body, hash);
    return { _id: body.entity, seq: body.seq, hash, view, ...(model.keysOf === undefined ? {} : { keys: model.keysOf(view) }) };
  } catch {
    throw new Poison(body.seq, `the read model cannot take ${body.type}`);
  }
};

/** A record of the ledger with its hash, which covers its content. Throws `Poison` where it does not, and where there is no content that can be read. */
export const receivedFrom = ({ canonical, seq, hash }: Pick<LedgerDocument, 'canonical' | 'seq' | 'hash'>): ReceivedRecord => {
  const body = contentOf(canonical, seq);
  const computed = recordHash(canonical, body.suite);
  if (computed === null) throw new Poison(seq, 'its record in the ledger is hashed by a suite that is not known here');
  if (computed !== hash) throw new Poison(seq, 'its record in the ledger is not what was hashed');
  return { body, hash };
};

const contentOf = (canonical: string, seq: number): RecordBody => {
  try {
    const body = openRecord({ canonical }) as RecordBody | null;
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // as with what is no object
  }
  throw new Poison(seq, 'its record in the ledger cannot be read');
};
