import type { Confirmation, OutboxEntry } from './command';
import type { EntityCarry } from './entity';
import type { Place } from './outbox';
import type { Pace } from './pace';
import type { DigestAt } from './state-digest';

/** Argument of an entity's workflow: who it is, and, after continue-as-new, all it was. */
export interface ShellInput<S> {
  readonly entity: string;
  /** The label of its workflow, which Temporal does not hand on to later runs. Left out: it has none. */
  readonly title?: string;
  readonly carry?: EntityCarry<S>;
  /** Set when the ledger holds another history under this entity's name: an operator has to look. */
  readonly quarantined?: boolean;
  /** Continue as new after this many updates of a run, beside Temporal's own suggestion. For tests. */
  readonly continueAfterUpdates?: number;
  /** Only in a rehearsal. */
  readonly pace?: Pace;
}

/** Entries of one entity for its ledger, in order of ordinal. */
export interface AppendRequest {
  readonly aggregate: string;
  readonly entity: string;
  readonly entries: readonly OutboxEntry[];
  /** Where the ledger stands once it holds the entries; absent in what older code sent. */
  readonly at?: Place;
  /** Asks for nothing to be appended: whether the ledger agrees with the run. */
  readonly agreement?: Agreement;
  /** How often the run has asked the same before and got nowhere. */
  readonly timesInVain?: number;
  /** The run knows that the ledger is away, and waits for it. */
  readonly isPatient?: true;
}

/** What a run believes about the ledger, before it does what cannot be taken back. */
export interface Agreement extends Place {
  /** Where the ledger can stand while it agrees, in order of seq: see `Outbox.openEnds`. */
  readonly openEnds: readonly Place[];
  /** The run has seen already that its replay differs from what was answered. */
  readonly isDiverged: boolean;
  /** What the state came to at the last outcomes that the ledger can have; absent in what older code asked. */
  readonly digests?: readonly DigestAt[];
}

/**
 * `fork`: the ledger holds another record at `seq`, lacks the one before it, or has another outcome of a command. Nothing of this entity was
 * added behind it. Anything that may pass (a server that is away) is thrown instead, and the caller tries again.
 */
export type AppendResult =
  | { readonly status: 'appended'; readonly confirmation: Confirmation }
  | { readonly status: 'fork'; readonly seq: number; readonly why: 'other-hash' | 'gap' | 'other-outcome' };

/** `away`: not within the time that a run which did not know waits for it. Whether anything was appended is open; appending again is harmless. */
export type FlushResult = AppendResult | { readonly status: 'away' };

/**
 * Failure type of the activity when the ledger contradicts the run. A failure and not an answer, and not retried there: the cause may be code that
 * decides otherwise than the code that answered, and then both have to take the same steps, so that the right one can go on.
 */
export const DIVERGED = 'Diverged';

/** Type of the failure with which a run turns away what was received later than it is: whoever gave it the time has a wrong clock, or is none of ours. */
export const AHEAD = 'ahead';

/** Type of the failure with which a run turns away what was given to be refused and would be accepted by now. */
export const MOVED = 'moved';

/** The activities that an entity's workflow asks for: see `appendActivities` of the runtime. */
export interface AppendActivities {
  /** Fails as `DIVERGED`, where older workers answered `fork`. With `agreement` the answer says only that nothing contradicts, or that nobody could be asked. */
  appendEntries(request: AppendRequest): Promise<FlushResult>;
}

/** Name of the query that tells where a run stands: it shows whether the code at hand replays to what the ledger holds. */
export const STANDING_QUERY_NAME = 'standing';
/** Where a run of an entity stands, by the code at hand. */
export interface EntityStanding extends Place {
  readonly rules: number;
  readonly isDiverged: boolean;
  readonly unconfirmed: number;
  /** As in an `Agreement`; absent in answers of older code. */
  readonly digests?: readonly DigestAt[];
}

/** Workflow type of an aggregate: its name in camel case, because it is the name of an export. */
export const workflowTypeOf = (aggregate: string): string => aggregate.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** Task queue of workflows and activities, where no other is named. */
export const TASK_QUEUE = 'qiyue';
/**
 * Task queue of the sagas, beside that of the entities. A queue and so a worker's slots of their own: a saga holds its slot while it waits for entities,
 * whose tasks must not wait for that slot.
 */
export const sagaQueueOf = (taskQueue: string): string => `${taskQueue}-sagas`;
/** Task queue of the sagas, where no other is named. */
export const SAGA_TASK_QUEUE = sagaQueueOf(TASK_QUEUE);
/** Workflow type of every saga. */
export const SAGA_WORKFLOW_TYPE = 'saga';
/** Name of the one update that every entity takes. */
export const COMMAND_UPDATE_NAME = 'command';
