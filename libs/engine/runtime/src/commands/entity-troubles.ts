import type { Client } from '@temporalio/client';
import { workflowIdOf } from '@qiyue/engine';
import { verifyRecord } from '../audit/verify-record';
import type { Incidents } from '../incidents/incidents';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { turnedAway, type Command, type GatewayAnswer } from './gateway-answer';

/** `WorkflowTaskFailedCause` of Temporal's API: what the workflow's code threw, and a history that its code does not fit. */
const CODE_IS_AT_FAULT: ReadonlySet<number> = new Set([14, 24]);
const LOOK_WITHIN_MS = 1_000;

/** Tells why an entity does not answer, and notes it where the operator looks. */
export class EntityTroubles {
  private readonly noted = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly store: Pick<LedgerStore, 'stream' | 'noteFork'>,
    private readonly incidents: Pick<Incidents, 'note' | 'clear'> | undefined,
  ) {}

  /**
   * Its run contradicts the ledger: `quarantined` when the ledger contradicts itself, so that no code can agree with it, else `diverged`, which passes
   * when the right code runs.
   */
  async diverged(command: Command, why: 'replay-differs' | 'task-fails'): Promise<GatewayAnswer> {
    const { entity } = command;
    const unsound = why === 'task-fails' ? null : firstUnsound(await this.store.stream(entity));
    if (unsound !== null) {
      await this.store.noteFork(entity, { seq: unsound.seq, why: 'the ledger contradicts itself', offeredHash: unsound.hash });
      return turnedAway(command, 'quarantined');
    }
    this.noted.add(entity);
    await this.incidents?.note({ kind: 'diverged', subject: entity, entity, why });
    return turnedAway(command, 'diverged');
  }

  /** An entity that answers is well again. */
  async passed(command: Command, answer: GatewayAnswer): Promise<GatewayAnswer> {
    const { entity } = command;
    const code = answer.kind === 'outcome' && answer.outcome.status === 'refused' ? answer.outcome.refusal.code : null;
    if (code === 'rules-unknown') {
      this.noted.add(entity);
      await this.incidents?.note({ kind: 'rules-unknown', subject: entity, entity, why: 'rules-unknown' });
    } else if (answer.kind === 'outcome' && this.noted.delete(entity)) {
      await this.incidents?.clear('diverged', entity);
      await this.incidents?.clear('rules-unknown', entity);
    }
    return answer;
  }

  /** Whether the last thing that happened to its workflow is a task that failed: its code cannot go on with its history. False when nobody can be asked. */
  async isStuck({ aggregate, entity }: Command): Promise<boolean> {
    const { workflowService } = this.client;
    const { namespace } = this.client.options;
    try {
      const { history } = await this.client.withDeadline(Date.now() + LOOK_WITHIN_MS, () =>
        workflowService.getWorkflowExecutionHistoryReverse({
          namespace,
          execution: { workflowId: workflowIdOf(aggregate, entity) },
          maximumPageSize: 1,
        }),
      );
      return CODE_IS_AT_FAULT.has(history?.events?.[0]?.workflowTaskFailedEventAttributes?.cause ?? 0);
    } catch {
      return false;
    }
  }
}

const firstUnsound = (stream: readonly LedgerDocument[]): LedgerDocument | null =>
  stream.find((document, i) => verifyRecord(document, stream[i - 1] ?? null).length > 0) ?? null;
