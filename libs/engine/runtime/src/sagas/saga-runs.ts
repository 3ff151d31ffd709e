import {
  isGrpcServiceError,
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { SAGA_TASK_QUEUE, SAGA_WORKFLOW_TYPE, sagaIdOf, type SagaEnd, type SagaInput } from '@qiyue/engine';
import { WORKFLOW_TASK_TIMEOUT } from '../commands/command-gateway';
import { isPassing } from '../commands/gateway-errors';
import { nullWhenNotFound } from '../null-when-not-found';
import { KeptPlans, type PlanSeal } from './kept-plans';
import type { SagaMemo } from './waiting-sagas';

/** `open`: it runs or has its end. `broken`: it was ended without one, or is gone from Temporal, and goes on by the same plan when it is started again. */
export type SagaRun = { readonly kind: 'none' } | { readonly kind: 'open' } | { readonly kind: 'broken'; readonly input: SagaInput };

/**
 * How a saga's workflow is started. `backup`: whoever starts it carries the saga through, and it only begins when that has not ended it after a while.
 * `again`: in the place of one that is broken.
 */
export type SagaStart = 'at-once' | 'backup' | 'again';

/** A run of a saga's workflow that was started here. */
export interface StartedSaga {
  readonly input: SagaInput;
  /** Its workflow begins after so many ms. */
  readonly beginsInMs: number;
  /** The saga is over: it has nothing left to do. Nobody waits for that, and nothing depends on it. */
  end(): void;
}

/** After so long a backup begins, ms: far longer than a saga takes while all is well. */
const BACKUP_AFTER_MS = 2_000;
const TERMINATE_WITHIN_MS = 2_000;

/** All may be left out. */
export interface SagaRunsOptions {
  readonly taskQueue?: string;
  /** Left out: what MongoDB has counts as ours. */
  readonly seal?: PlanSeal;
}

/** The workflows of sagas, one for each command id. Rejects when Temporal does not answer. */
export class SagaRuns {
  private readonly plans: KeptPlans;
  private readonly taskQueue: string;

  constructor(
    private readonly client: Client,
    store: ConstructorParameters<typeof KeptPlans>[0],
    { taskQueue = SAGA_TASK_QUEUE, seal }: SagaRunsOptions = {},
  ) {
    this.plans = new KeptPlans(store, seal);
    this.taskQueue = taskQueue;
  }

  /** The saga of a command, if there is one. */
  async find(commandId: string, untilMs: number): Promise<SagaRun> {
    const workflowId = sagaIdOf(commandId);
    const described = await this.client.withDeadline(untilMs, () => nullWhenNotFound(() => this.client.workflow.getHandle(workflowId).describe()));
    if (described === null) {
      const input = await this.plans.find(workflowId);
      return input === null ? { kind: 'none' } : { kind: 'broken', input };
    }
    const { status, runId } = described;
    if (status.name === 'RUNNING' || status.name === 'COMPLETED' || status.name === 'CONTINUED_AS_NEW') return { kind: 'open' };
    return { kind: 'broken', input: await this.client.withDeadline(untilMs, () => this.inputOf(workflowId, runId)) };
  }

  /** `exists`: somebody was first, with whatever plan. */
  async start(planned: SagaInput, how: SagaStart, untilMs: number): Promise<StartedSaga | 'exists'> {
    const { command } = planned;
    const input = how === 'again' ? planned : await this.plans.sealed(sagaIdOf(command.commandId), planned);
    const beginsInMs = how === 'backup' ? BACKUP_AFTER_MS : 0;
    const memo: SagaMemo = { what: `${command.aggregate}.${command.type}`, sinceMs: Date.now() };
    const options = {
      workflowId: sagaIdOf(command.commandId),
      taskQueue: this.taskQueue,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      memo: { ...memo },
      staticSummary: `${command.aggregate} ${command.entity}: ${command.type}`,
      workflowIdConflictPolicy: 'FAIL', // it may have another plan
      workflowIdReusePolicy: how === 'again' ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE',
      ...(beginsInMs === 0 ? {} : { startDelay: beginsInMs }),
    } as const;
    try {
      const { firstExecutionRunId } = await this.client.withDeadline(untilMs, () =>
        this.client.workflow.start(SAGA_WORKFLOW_TYPE, { ...options, args: [input] }),
      );
      return { input, beginsInMs, end: () => void this.terminate(options.workflowId, firstExecutionRunId) };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
      throw error;
    }
  }

  /** `late`: not by then. `broken`: it was ended without an answer meanwhile. */
  async end(commandId: string, untilMs: number): Promise<SagaEnd | 'late' | 'broken'> {
    try {
      return await this.client.withDeadline(untilMs, () => this.client.workflow.getHandle(sagaIdOf(commandId)).result() as Promise<SagaEnd>);
    } catch (error) {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return 'broken';
      if (isPassing(error) || isGrpcServiceError(error)) return 'late';
      throw error;
    }
  }

  /** That very run. Where it fails, the run does all of its saga once more, and meets the answers that there were. */
  private async terminate(workflowId: string, runId: string): Promise<void> {
    const handle = this.client.workflow.getHandle(workflowId, runId);
    await this.client.withDeadline(Date.now() + TERMINATE_WITHIN_MS, () => handle.terminate('carried through by the edge')).catch(() => undefined);
  }

  /** As the last of its runs began, after continue-as-new too. */
  private async inputOf(workflowId: string, runId: string): Promise<SagaInput> {
    const { history } = await this.client.workflowService.getWorkflowExecutionHistory({
      namespace: this.client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (!payload) throw new Error(`${workflowId} was started without a plan`);
    return defaultPayloadConverter.fromPayload<SagaInput>(payload);
  }
}
