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

/** When something good last happened, by the machine's clock. */
interface GoodDoc {
  readonly _id: string;
  readonly goodAt: Date;
}

const LAST = 'last';
const GOOD_VERIFICATION = 'good-verification';
const checkpointOf = (namespace: string): string => `checkpoint:${namespace}`;

/** When the evidence was last renewed; null: never. */
export interface EvidenceTimes {
  readonly verificationAt: Date | null;
  /** Of the ledger whose last checkpoint is older. */
  readonly checkpointAt: Date | null;
}

/** Keeps what the last verification found, and when evidence was last good, where metrics and the operator find it. */
export class AuditLog {
  private readonly documents: Collection<AuditDoc>;
  private readonly good: Collection<GoodDoc>;

  constructor(db: Db) {
    this.documents = db.collection('audits');
    this.good = db.collection('audits');
  }

  async note({ findings, ...result }: Omit<AuditResult, 'findingCount'>): Promise<void> {
    const document = { ...result, findingCount: findings.length, findings: findings.slice(0, FINDINGS_KEPT) };
    await this.documents.replaceOne({ _id: LAST }, document, { upsert: true });
    if (document.ok) await this.noteGood(GOOD_VERIFICATION);
  }

  /** A checkpoint was signed, of the ledger of this name. */
  async noteCheckpoint(namespace: string): Promise<void> {
    await this.noteGood(checkpointOf(namespace));
  }

  async times(namespaces: readonly string[]): Promise<EvidenceTimes> {
    const ids = namespaces.map(checkpointOf);
    const found = await this.good.find({ _id: { $in: [GOOD_VERIFICATION, ...ids] } }).toArray();
    const atOf = (id: string): Date | null => found.find(({ _id }) => _id === id)?.goodAt ?? null;
    const oldest = ids.map(atOf).sort((a, b) => (a?.getTime() ?? 0) - (b?.getTime() ?? 0))[0];
    return { verificationAt: atOf(GOOD_VERIFICATION), checkpointAt: oldest ?? null };
  }

  private async noteGood(_id: string): Promise<void> {
    await this.good.updateOne({ _id }, { $set: { goodAt: new Date() } }, { upsert: true });
  }

  /** Null when nothing was ever verified by the night's job. */
  async last(): Promise<AuditResult | null> {
    const found = await this.documents.findOne({ _id: LAST }, { projection: { _id: 0 } });
    return found;
  }
}
