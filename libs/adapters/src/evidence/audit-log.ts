import type { Finding } from '@qiyue/engine-runtime';
import type { Collection, Db } from 'mongodb';

const FINDINGS_KEPT = 100;

/** What the last verification found. */
export interface AuditResult {
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly ok: boolean;
  readonly records: number;
  /** The checkpoint that it was held against; null without any. */
  readonly checkpoint: number | null;
  readonly findingCount: number;
  /** At most 100 of them. */
  readonly findings: readonly Finding[];
}
interface AuditDoc extends AuditResult {
  readonly _id: string;
}

const LAST = 'last';

/** Keeps the result of the last verification where the API's metrics and the operator find it. */
export class AuditLog {
  private readonly documents: Collection<AuditDoc>;

  constructor(db: Db) {
    this.documents = db.collection('audits');
  }

  async note({ findings, ...result }: Omit<AuditResult, 'findingCount'>): Promise<void> {
    const document = { ...result, findingCount: findings.length, findings: findings.slice(0, FINDINGS_KEPT) };
    await this.documents.replaceOne({ _id: LAST }, document, { upsert: true });
  }

  /** Null when nothing was ever verified by the night's job. */
  async last(): Promise<AuditResult | null> {
    const found = await this.documents.findOne({ _id: LAST }, { projection: { _id: 0 } });
    return found;
  }
}
