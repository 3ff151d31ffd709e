import { randomBytes } from 'node:crypto';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';

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
interface RequestDoc extends Omit<ErasureRequest, 'erasureId' | 'approvedBy'> {
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

/** Requests for erasures: one person asks, another approves. */
export class ErasureRequests {
  private readonly requests: Collection<RequestDoc>;

  constructor(
    db: Db,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.requests = db.collection('erasures', { writeConcern: { w: 'majority', journal: true } });
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
    await this.requests.insertOne({ _id: erasureId, ...request, approver: null });
  }

  async get(erasureId: string): Promise<ErasureRequest | null> {
    const found = await this.requests.findOne({ _id: erasureId });
    return found === null ? null : shown(found);
  }

  /** Newest first. */
  async list(): Promise<readonly ErasureRequest[]> {
    return (await this.requests.find().sort({ requestedAt: -1, _id: 1 }).limit(LISTED_MAX).toArray()).map(shown);
  }

  /** Null when it does not wait for approval, or for that of another than who asked for it. */
  async approve(erasureId: string, by: Actor): Promise<ApprovedErasure | null> {
    const approved = await this.requests.findOneAndUpdate(
      { _id: erasureId, state: 'pending', requestedBy: { $ne: by.id } },
      { $set: { state: 'approved', approver: by } },
      { returnDocument: 'after' },
    );
    return approved === null ? null : { ...shown(approved), approver: by };
  }

  /** Approved and not done: what a process left that ended in between. */
  async unfinished(): Promise<readonly ApprovedErasure[]> {
    const found = await this.requests.find({ state: 'approved' }).toArray();
    return found.flatMap((doc) => (doc.approver === null ? [] : [{ ...shown(doc), approver: doc.approver }]));
  }

  async done(erasureId: string, keyId: string | null): Promise<void> {
    await this.requests.updateOne({ _id: erasureId, state: 'approved' }, { $set: { state: 'done', keyId, doneAt: toShanghaiIso(this.nowMs()) } });
  }

  /** Every key that was destroyed, and whose it was. */
  async destroyed(): Promise<readonly { readonly subject: string; readonly keyId: string }[]> {
    const found = await this.requests.find({ state: 'done', keyId: { $type: 'string' } }).toArray();
    return found.flatMap(({ subject, keyId }) => (typeof keyId === 'string' ? [{ subject, keyId }] : []));
  }
}

const shown = ({ _id, approver, keyId: _, ...request }: RequestDoc): ErasureRequest => ({
  erasureId: _id,
  ...request,
  approvedBy: approver?.id ?? null,
});
