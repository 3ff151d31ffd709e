import type { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { AnyDecider, Pace } from '@qiyue/engine';
import type { Appender, LedgerStore } from '@qiyue/engine-runtime';
import type { TablesOf } from './carry-from-ledger';

/**
 * `lagging`: Temporal has decided what the ledger does not hold. `forked`: they hold different histories. `behind`: the workflow was set back
 * to before what the ledger holds. `stopped`: the workflow was ended by somebody before the entity was. `gone`: Temporal knows no workflow of
 * a living entity. `unreplayable`: its history does not fit the workflow's code. `lost`: acknowledged, and nowhere any more. `unknown-aggregate`: the ledger
 * holds an entity of a kind that this version does not know.
 */
export type MismatchKind = 'lagging' | 'forked' | 'behind' | 'stopped' | 'gone' | 'unreplayable' | 'lost' | 'unknown-aggregate';

export interface Mismatch {
  /** The entity. */
  readonly stream: string;
  readonly seq: number;
  readonly kind: MismatchKind;
  readonly detail: string;
  /** What was done about it; null when it is for a person to settle, or when nothing was to be done yet. */
  readonly done: 'appended' | 'restarted' | 'quarantined' | null;
}

export interface ReconcileDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  readonly appender: Appender;
  readonly decider: AnyDecider;
  readonly bundle: WorkflowBundleOption;
  readonly tablesOf: TablesOf;
  readonly taskQueue?: string;
  readonly pace?: Pace;
}
