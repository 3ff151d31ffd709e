import { AHEAD, MOVED } from '@qiyue/engine';
import { isGrpcServiceError, ServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

/**
 * gRPC codes under which the same call may succeed a moment later. Among them 9, failed precondition: Temporal says so when the workflow
 * task that was to bring the update failed, as may happen when a worker goes. An update is applied once whatever its id is sent how often.
 */
const PASSING_CODES: ReadonlySet<number> = new Set([1, 2, 4, 8, 9, 10, 13, 14]); // cancelled unknown deadline exhausted precondition aborted internal unavailable

export const isPassing = (error: unknown): boolean => {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (error instanceof WorkflowUpdateFailedError) return isCutShort(error);
  if (isGrpcServiceError(error)) return PASSING_CODES.has(error.code); // some calls of the client let the bare answer through
  if (!(error instanceof ServiceError)) return false;
  const code = (error.cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'number' && PASSING_CODES.has(code);
};

const TURNED_AWAY = ['busy', 'quarantined', 'diverged', 'rules-unknown'] as const;
/** Why a run did not take a command. */
export type TurnedAway = (typeof TURNED_AWAY)[number];
/** Whether a refusal says that nothing was recorded. */
export const isTurnedAway = (code: string): code is TurnedAway => (TURNED_AWAY as readonly string[]).includes(code);

/** Refused by the update's validator: nothing was recorded, so the same id may come again. */
export const turnedAwayWith = (error: unknown): TurnedAway | null => {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const type = (error.cause as { readonly type?: unknown } | undefined)?.type;
  return TURNED_AWAY.find((code) => code === type) ?? null;
};

/**
 * Temporal's clock, Unix ms, when the run turned the command away as one that nobody waits for any more: it had waited since an earlier attempt under the
 * same id, or this process's clock is behind. Null for every other error.
 */
export const expiredAtMs = (error: unknown): number | null => {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { type, details } = error.cause as { readonly type?: unknown; readonly details?: readonly unknown[] };
  return type === 'expired' && typeof details?.[0] === 'number' ? details[0] : null;
};

/** Received later than it is by Temporal's clock: it may be given again once that time has come. */
export const isAhead = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError && (error.cause as { readonly type?: unknown } | undefined)?.type === AHEAD;

/** It was given to be refused, and would not be by now: nothing was recorded. */
export const isMoved = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError && (error.cause as { readonly type?: unknown } | undefined)?.type === MOVED;

/** The run ended or continued as new around the update: the next attempt meets the next run, or the ledger. */
const isCutShort = (error: WorkflowUpdateFailedError): boolean => {
  const type = (error.cause as { readonly type?: unknown } | undefined)?.type;
  return typeof type === 'string' && type.includes('CompletedWorkflow');
};
