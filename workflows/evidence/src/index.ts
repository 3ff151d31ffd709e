export { checkpoint, verification, type EvidenceActivities, type CheckpointReport, type VerificationReport } from './evidence';
