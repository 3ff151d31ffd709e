import { heartbeat } from '@temporalio/activity';
import {
  auditLedgerOf,
  findingsOf,
  keepCheckpoint,
  loadSigningKey,
  entityLedgerOf,
  noteUnsoundEntities,
  noteVerification,
  verifyEvidence,
  type Kept,
  type Witness,
  type Witnessed,
} from '@qiyue/audit';
import type { Logger } from '@qiyue/platform';
import { modelsOf, type AnyAggregate } from '@qiyue/aggregate';
import { projected, type Finding, type LedgerStore } from '@qiyue/engine-runtime';
import type { CheckpointReport, EvidenceActivities } from '@qiyue/workflows-evidence';

export interface EvidenceFiles {
  readonly folder: string;
  readonly keyFile: string;
}
export interface EvidenceDeps {
  readonly store: LedgerStore;
  readonly aggregates: readonly AnyAggregate[];
  readonly witness: Witness;
  readonly files: EvidenceFiles;
  readonly log: Pick<Logger, 'error' | 'info'>;
}

const HEARTBEAT_MS = 10_000;

export const evidenceActivities = ({ store, aggregates, witness, files, log }: EvidenceDeps): EvidenceActivities => {
  const entities = entityLedgerOf(store.db, files.folder, aggregates);
  const facts = auditLedgerOf(store.db, files.folder);
  const keep = async (ledger: Witnessed): Promise<CheckpointReport> => {
    const kept = await keepCheckpoint({ ...ledger, key: await loadSigningKey(files.keyFile), witness });
    if (kept.ok) return { n: kept.checkpoint.n, records: kept.checkpoint.records, why: null };
    log.error(
      { why: kept.why, ledger: ledger.store.namespace, findings: kept.why === 'findings' ? kept.findings : undefined },
      'no checkpoint was signed',
    );
    return { n: null, records: 0, why: whyOf(kept) };
  };
  return {
    keepCheckpoint: () =>
      beating(async () => {
        const kept = await keep(facts);
        const report = await keep(entities);
        return { ...report, why: report.why ?? kept.why };
      }),
    verifyEvidence: () =>
      beating(async () => {
        const results = [await verifyEvidence(entities, witness, { topics: 'whole' }), await verifyEvidence(facts, witness, { topics: 'whole' })];
        // A night without the topics proves less than it should: it is done again, and counts for none until then.
        if (results.some(({ compared, isPartial }) => compared === null || isPartial)) throw new Error('the topics could not be read');
        const shown = await readModelFindings(store, aggregates);
        await noteVerification(store, results, shown);
        if (results[0] !== undefined) await noteUnsoundEntities(store, results[0], {});
        const findings = findingsOf(results).length + shown.length;
        if (findings > 0) log.error({ findings }, 'the ledger is not what was written: see `qiyue audit verify`');
        return { ok: findings === 0, records: results.reduce((sum, { records }) => sum + records, 0), findings };
      }),
  };
};

/** What is only not there yet is the projections' lag, which is told of elsewhere. */
const readModelFindings = async (store: LedgerStore, aggregates: readonly AnyAggregate[]): Promise<readonly Finding[]> => {
  const wrong: Pick<Finding, 'stream' | 'seq'>[] = [];
  for (const model of modelsOf(aggregates)) {
    const { differing, keys } = await projected(store, model).compare();
    wrong.push(...differing.filter(({ why }) => why !== 'missing').map(({ entity, seq }) => ({ stream: entity, seq })));
    wrong.push(...keys.map(({ key }) => ({ stream: key, seq: 0 }))); // a sum over many streams
  }
  return wrong.map((place) => ({ ...place, kind: 'copy', detail: 'the read model shows something else: see `projections verify`' }));
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
