import type { Client } from '@temporalio/client';
import { workflowIdOf } from '@qiyue/engine';
import type { Incidents } from '../incidents/incidents';
import type { LedgerStore } from '../ledger/ledger-store';
import { turnedAway, type Command, type GatewayAnswer } from './gateway-answer';

/** `WorkflowTaskFailedCause` of Temporal's API that pass with the next task: something came in between, a worker or a host went, the run was set back. */
const PASSES: ReadonlySet<number> = new Set([1, 13, 17, 18, 20, 31]);
const LOOK_WITHIN_MS = 1_000;
/** Of a fork that no code can agree with. */
const LEDGER_UNSOUND = 'the ledger contradicts itself';

/** Tells why an entity does not answer, and notes it where the operator looks. */
export class EntityTroubles {
  private readonly noted = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly store: Pick<LedgerStore, 'firstFinding' | 'noteFork' | 'noteUnsound'>,
    private readonly incidents: Pick<Incidents, 'note' | 'clear'> | undefined,
  ) {}

  /**
   * Its run contradicts the ledger: `quarantined` when the ledger contradicts itself, so that no code can agree with it, else `diverged`, which passes
   * when the right code runs.
   */
  async diverged(command: Command, why: 'replay-differs' | 'task-fails'): Promise<GatewayAnswer> {
    const { entity } = command;
    const finding = why === 'task-fails' ? null : await this.store.firstFinding(entity);
    if (finding !== null) {
      await this.store.noteUnsound(finding);
      await this.store.noteFork(entity, { seq: finding.seq, why: LEDGER_UNSOUND, offeredHash: '' });
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
    if (answer.kind === 'lost') {
      this.noted.add(entity);
      await this.incidents?.note({ kind: 'lost', subject: entity, entity, why: 'no workflow runs' });
    } else if (code === 'rules-unknown') {
      this.noted.add(entity);
      await this.incidents?.note({ kind: 'rules-unknown', subject: entity, entity, why: 'rules-unknown' });
    } else if (answer.kind === 'outcome' && this.noted.delete(entity)) {
      for (const kind of ['diverged', 'rules-unknown', 'lost'] as const) await this.incidents?.clear(kind, entity);
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
      const failed = history?.events?.[0]?.workflowTaskFailedEventAttributes;
      return failed !== null && failed !== undefined && !PASSES.has(failed.cause ?? 0);
    } catch {
      return false;
    }
  }
}
