import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '@qiyue/engine';
import { nullWhenNotFound } from '@qiyue/engine-runtime';
import { toldProgress, type RetimeInput, type RetimeProgress } from '@qiyue/civic-contracts';

/** One at a time: a new import takes the place of one that still runs, since each brings what is current then. */
const WORKFLOW_ID = 'retime';
const WORKFLOW_TYPE = 'retime';

/** Starts and watches the workflow that brings the current tables to every open entity. */
export class RetimeRuns {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string = TASK_QUEUE,
  ) {}

  async start({ serial, importedAt }: Pick<RetimeInput, 'serial' | 'importedAt'>): Promise<{ readonly workflowId: string }> {
    const input: RetimeInput = { serial, importedAt, ...((await this.isRunning()) ? { isReplacing: true } : {}) };
    await this.client.workflow.start(WORKFLOW_TYPE, {
      staticSummary: 'another calendar or policy comes to all that is open',
      workflowId: WORKFLOW_ID,
      taskQueue: this.taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return { workflowId: WORKFLOW_ID };
  }

  /** Whether one is under way, which the next one would take the place of. */
  async isRunning(): Promise<boolean> {
    return (await nullWhenNotFound(() => this.client.workflow.getHandle(WORKFLOW_ID).describe()))?.status.name === 'RUNNING';
  }

  /** Of the last run; null when there never was one, Temporal keeps it no longer, or it has not begun. */
  async progress(): Promise<RetimeProgress | null> {
    const run = await nullWhenNotFound(() => this.client.workflow.getHandle(WORKFLOW_ID).describe());
    const progress = run?.memo?.['progress'] as RetimeProgress | undefined;
    return progress === undefined ? null : toldProgress(progress);
  }

  /** `lost`: no run brings this serial, and none has brought it. */
  async standing(serial: number): Promise<'running' | 'finished' | 'lost'> {
    const run = await nullWhenNotFound(() => this.client.workflow.getHandle(WORKFLOW_ID).describe());
    if (run?.status.name === 'RUNNING') return 'running';
    const progress = run?.memo?.['progress'] as RetimeProgress | undefined;
    return run?.status.name === 'COMPLETED' && progress?.state === 'finished' && progress.serial >= serial ? 'finished' : 'lost';
  }
}
