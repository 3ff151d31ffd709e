import * as wf from '@temporalio/workflow';

export interface CheckpointReport {
  /** Null when nothing was signed; `why` says what stood against it. */
  readonly n: number | null;
  readonly records: number;
  readonly why: string | null;
}
export interface VerificationReport {
  readonly ok: boolean;
  readonly records: number;
  readonly findings: number;
}

export interface EvidenceActivities {
  /** Signs what the ledger holds. Done twice it signs twice, one behind the other. */
  keepCheckpoint(): Promise<CheckpointReport>;
  /** Walks the whole ledger against the checkpoints, and notes what it found. */
  verifyEvidence(): Promise<VerificationReport>;
}

const { keepCheckpoint, verifyEvidence } = wf.proxyActivities<EvidenceActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '60 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '5 minutes', maximumAttempts: 20 },
});

/** Started by a schedule, and on demand. */
export const checkpoint = (): Promise<CheckpointReport> => keepCheckpoint();

/** Started by a schedule every night. */
export const verification = (): Promise<VerificationReport> => verifyEvidence();
