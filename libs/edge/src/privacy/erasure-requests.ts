import { randomBytes } from 'node:crypto';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';
import type { RightsSeal, Signed } from '../auth/rights-seal';

/** `approved`: two persons want it, and it is being done, or was cut off and is done with the next start. */
export type ErasureState = 'pending' | 'approved' | 'done';

/** Somebody asked for a person's words to be erased. Times are ISO 8601 with +08:00. */
export interface ErasureRequest {
  readonly erasureId: string;
  readonly subject: string;
  readonly state: ErasureState;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvedBy: string | null;
  readonly doneAt: string | null;
}
interface RequestDoc extends Omit<ErasureRequest, 'erasureId' | 'approvedBy'>, Signed {
  readonly _id: string;
  /** Of the key that was destroyed, once it is. */
  readonly keyId?: string | null;
  readonly approver: Actor | null;
}
/** An erasure that two persons want, and who the second was. */
export interface ApprovedErasure extends ErasureRequest {
  readonly approver: Actor;
}

const LISTED_MAX = 200;

const KIND = 'erasures';

/** Requests for erasures: one person asks, another approves. A row that is not ours is none. All reject with `KeysUnavailable` while that cannot be told. */
export class ErasureRequests {
  private readonly requests: Collection<RequestDoc>;

  constructor(
    db: Db,
    private readonly rights: RightsSeal,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.requests = db.collection(KIND, { writeConcern: { w: 'majority', journal: true } });
  }

  /** Made up, and not there yet, so that it can be on record before it is. */
  draft(subject: string, by: Actor): ErasureRequest {
    const at = toShanghaiIso(this.nowMs());
    return {
      erasureId: randomBytes(8).toString('hex'),
      subject,
      state: 'pending',
      requestedBy: by.id,
      requestedAt: at,
      approvedBy: null,
      doneAt: null,
    };
  }

  async keep({ erasureId, approvedBy: _, ...request }: ErasureRequest): Promise<void> {
    const life = await this.rights.begin(KIND, erasureId);
    await this.requests.insertOne(await this.rights.sign<RequestDoc>(KIND, { _id: erasureId, ...request, approver: null, life }));
  }

  async get(erasureId: string): Promise<ErasureRequest | null> {
    const found = await this.right(await this.requests.find({ _id: erasureId }).toArray());
    return found[0] === undefined ? null : shown(found[0]);
  }

  /** Newest first. */
  async list(): Promise<readonly ErasureRequest[]> {
    return (await this.right(await this.requests.find().sort({ requestedAt: -1, _id: 1 }).limit(LISTED_MAX).toArray())).map(shown);
  }

  /** Null when it does not wait for approval, or for that of another than who asked for it. */
  async approve(erasureId: string, by: Actor): Promise<ApprovedErasure | null> {
    const [waiting] = await this.right(await this.requests.find({ _id: erasureId, state: 'pending', requestedBy: { $ne: by.id } }).toArray());
    if (waiting === undefined) return null;
    const approved = await this.rights.sign<RequestDoc>(KIND, { ...waiting, state: 'approved', approver: by });
    return (await this.replace(waiting, approved)) ? { ...shown(approved), approver: by } : null;
  }

  /** Approved and not done: what a process left that ended in between. */
  async unfinished(): Promise<readonly ApprovedErasure[]> {
    const found = await this.right(await this.requests.find({ state: 'approved' }).toArray());
    return found.flatMap((doc) => (doc.approver === null ? [] : [{ ...shown(doc), approver: doc.approver }]));
  }

  async done(erasureId: string, keyId: string | null): Promise<void> {
    const [approved] = await this.right(await this.requests.find({ _id: erasureId, state: 'approved' }).toArray());
    if (approved === undefined) return;
    const done = { ...approved, state: 'done' as const, keyId, doneAt: toShanghaiIso(this.nowMs()) };
    await this.replace(approved, await this.rights.sign<RequestDoc>(KIND, done));
    await this.rights.end(KIND, erasureId); // an approval that is put back erases nobody a second time
  }

  /** Every key that was destroyed, and whose it was. */
  async destroyed(): Promise<readonly { readonly subject: string; readonly keyId: string }[]> {
    const found = await this.right(await this.requests.find({ state: 'done', keyId: { $type: 'string' } }).toArray());
    return found.flatMap(({ subject, keyId }) => (typeof keyId === 'string' ? [{ subject, keyId }] : []));
  }

  private async right(rows: readonly RequestDoc[]): Promise<readonly RequestDoc[]> {
    const areRight = await Promise.all(rows.map((row) => this.rights.isRight(KIND, row)));
    return rows.filter((_, i) => areRight[i]);
  }

  /** False when somebody else was quicker. */
  private async replace({ _id, mac }: RequestDoc, next: RequestDoc): Promise<boolean> {
    return (await this.requests.replaceOne({ _id, ...(mac === undefined ? {} : { mac }) }, next)).matchedCount === 1;
  }
}

const shown = ({ _id, approver, keyId: _, mac: __, life: ___, ...request }: RequestDoc): ErasureRequest => ({
  erasureId: _id,
  ...request,
  approvedBy: approver?.id ?? null,
});
