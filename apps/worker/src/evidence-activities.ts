import { heartbeat } from '@temporalio/activity';
import { AuditLog, CheckpointFolder, keepCheckpoint, loadSigningKey, type EventBus, type Kept, type Logger } from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import { verifyLedger, type LedgerStore } from '@qiyue/engine-runtime';
import type { EvidenceActivities } from '@qiyue/workflows-evidence';

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
  const folder = new CheckpointFolder(place.folder);
  return {
    keepCheckpoint: () =>
      beating(async () => {
        const kept = await keepCheckpoint({ store, folder, key: await loadSigningKey(place.keyFile), bus });
        if (kept.ok) return { n: kept.checkpoint.n, records: kept.checkpoint.records, why: null };
        log.error({ why: kept.why, findings: kept.why === 'findings' ? kept.findings : undefined }, 'no checkpoint was signed');
        return { n: null, records: 0, why: whyOf(kept) };
      }),
    verifyEvidence: () =>
      beating(async () => {
        const read = await folder.read();
        const { records, findings } = await verifyLedger(store, read === null ? {} : { ends: read.chain.ends });
        const broken = read?.fault ?? null;
        const all =
          broken === null ? findings : [{ stream: 'checkpoint', seq: broken.n, kind: 'checkpoint' as const, detail: broken.why }, ...findings];
        await new AuditLog(store.db).note({
          ...{ at: toShanghaiIso(Date.now()), ok: all.length === 0, records, checkpoint: read?.chain.head?.n ?? null, findings: all },
        });
        if (all.length > 0) log.error({ findings: all.length }, 'the ledger is not what was written: see `qiyue audit verify`');
        return { ok: all.length === 0, records, findings: all.length };
      }),
  };
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
