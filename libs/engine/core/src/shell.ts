import type { Confirmation, OutboxEntry } from './command';
import type { EntityCarry } from './entity';
import type { Pace } from './pace';

/** Argument of an entity's workflow: who it is, and, after continue-as-new, all it was. */
export interface ShellInput<S> {
  readonly entity: string;
  readonly carry?: EntityCarry<S>;
  /** Set when the ledger holds another history under this entity's name: an operator has to look. */
  readonly quarantined?: boolean;
  /** Continue as new after this many updates of a run, beside Temporal's own suggestion. For tests. */
  readonly continueAfterUpdates?: number;
  /** Only in a rehearsal. */
  readonly pace?: Pace;
}

export interface AppendRequest {
  readonly aggregate: string;
  readonly entity: string;
  readonly entries: readonly OutboxEntry[];
}

/**
 * `fork`: the ledger holds another record at `seq`, or lacks the one before it. Nothing of this entity was added
 * behind it. Anything that may pass (a server that is away) is thrown instead, and the caller tries again.
 */
export type AppendResult =
  | { readonly status: 'appended'; readonly confirmation: Confirmation }
  | { readonly status: 'fork'; readonly seq: number; readonly why: 'other-hash' | 'gap' };

export interface AppendActivities {
  appendEntries(request: AppendRequest): Promise<AppendResult>;
}

/** Workflow type of an aggregate: its name in camel case, because it is the name of an export. */
export const workflowTypeOf = (aggregate: string): string => aggregate.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
export const TASK_QUEUE = 'qiyue';
/** Name of the one update that every entity takes. */
export const COMMAND_UPDATE_NAME = 'command';
