import { heartbeat } from '@temporalio/activity';
import {
  AUDIT,
  auditCheckpoints,
  AuditLog,
  CheckpointFolder,
  keepCheckpoint,
  loadSigningKey,
  type EventBus,
  type Kept,
  type Logger,
} from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import { LedgerStore, verifyLedger, type Finding } from '@qiyue/engine-runtime';
import type { CheckpointReport, EvidenceActivities } from '@qiyue/workflows-evidence';

export interface EvidencePlace {
  readonly folder: string;
  readonly keyFile: string;
}
export interface EvidenceDeps {
  readonly store: LedgerStore;
  readonly bus: EventBus;
  readonly place: EvidencePlace;
  readonly log: Pick<Logger, 'error' | 'info'>;
}

const HEARTBEAT_MS = 10_000;

export const evidenceActivities = ({ store, bus, place, log }: EvidenceDeps): EvidenceActivities => {
  const needs = { store, folder: new CheckpointFolder(place.folder) };
  const facts = { store: new LedgerStore(store.db, AUDIT), folder: auditCheckpoints(place.folder) };
  const keep = async (ledger: Ledger): Promise<CheckpointReport> => {
    const kept = await keepCheckpoint({ ...ledger, key: await loadSigningKey(place.keyFile), bus });
    if (kept.ok) return { n: kept.checkpoint.n, records: kept.checkpoint.records, why: null };
    log.error(
      { why: kept.why, ledger: ledger.store.apart, findings: kept.why === 'findings' ? kept.findings : undefined },
      'no checkpoint was signed',
    );
    return { n: null, records: 0, why: whyOf(kept) };
  };
  return {
    keepCheckpoint: () =>
      beating(async () => {
        const kept = await keep(facts);
        const report = await keep(needs);
        return { ...report, why: report.why ?? kept.why };
      }),
    verifyEvidence: () =>
      beating(async () => {
        const [ofNeeds, ofFacts] = [await verifyAgainst(needs), await verifyAgainst(facts)];
        const findings = [...ofNeeds.findings, ...ofFacts.findings];
        const result = { ok: findings.length === 0, records: ofNeeds.records + ofFacts.records, findings };
        await new AuditLog(store.db).note({ ...result, at: toShanghaiIso(Date.now()), checkpoint: ofNeeds.checkpoint });
        if (!result.ok) log.error({ findings: findings.length }, 'the ledger is not what was written: see `qiyue audit verify`');
        return { ...result, findings: findings.length };
      }),
  };
};

interface Ledger {
  readonly store: LedgerStore;
  readonly folder: CheckpointFolder;
}

const verifyAgainst = async ({ store, folder }: Ledger) => {
  const read = await folder.read();
  const { records, findings } = await verifyLedger(store, read === null ? {} : { ends: read.chain.ends });
  const broken = read?.fault ?? null;
  const ofChain: readonly Finding[] = broken === null ? [] : [{ stream: 'checkpoint', seq: broken.n, kind: 'checkpoint', detail: broken.why }];
  return { records, findings: [...ofChain, ...findings], checkpoint: read?.chain.head?.n ?? null };
};

const whyOf = (kept: Extract<Kept, { readonly ok: false }>): string => (kept.why === 'broken' ? `${kept.why}: ${kept.fault.why}` : kept.why);

/** A walk over a large ledger takes longer than Temporal waits for a sign of life. */
const beating = async <T>(work: () => Promise<T>): Promise<T> => {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};
