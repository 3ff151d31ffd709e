import type { LedgerStore } from '@qiyue/engine-runtime';
import { AUDIT, AuditLog } from '@qiyue/audit';
import type { EvidenceHealth } from './snapshot';

const secondsSince = (at: Date | null | undefined): number | null =>
  at === null || at === undefined ? null : Math.max(0, Math.round((Date.now() - at.getTime()) / 1_000));

export const evidenceHealth = async ({ db, commands }: Pick<LedgerStore, 'db' | 'commands'>): Promise<EvidenceHealth> => {
  const log = new AuditLog(db);
  const [times, last, firstCommand] = await Promise.all([
    log.times(['', AUDIT]),
    log.last(),
    commands.findOne({ notedAt: { $type: 'date' } }, { sort: { notedAt: 1 }, projection: { notedAt: 1 } }),
  ]);
  return {
    checkpointAgeSeconds: secondsSince(times.checkpointAt),
    verificationAgeSeconds: secondsSince(times.verificationAt),
    findings: last?.findingCount ?? 0,
    inUseSeconds: secondsSince(firstCommand?.notedAt),
  };
};
