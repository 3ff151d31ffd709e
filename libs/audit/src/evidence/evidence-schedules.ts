import { ScheduleAlreadyRunning, type Client, type ScheduleOptions, type ScheduleOptionsStartWorkflowAction } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { TASK_QUEUE } from '@qiyue/engine';

const CHECKPOINTS = 'qiyue-checkpoints';
const VERIFICATION = 'qiyue-verification';
/** By Shanghai's time: nobody is at work, and holidays do not matter. */
const NIGHTLY = { hour: 3, minute: 0 };

/**
 * Sees to it that Temporal starts a checkpoint every so many minutes and a verification every night. A schedule that is there
 * is brought to these settings; what an operator paused stays paused.
 */
export const ensureEvidenceSchedules = async (client: Client, everyMinutes: number): Promise<void> => {
  await ensure(client, {
    scheduleId: CHECKPOINTS,
    spec: { intervals: [{ every: everyMinutes * 60_000 }] },
    ...starts('checkpoint'),
  });
  await ensure(client, { scheduleId: VERIFICATION, spec: { calendars: [NIGHTLY], timezone: 'Asia/Shanghai' }, ...starts('verification') });
};

type Started = ScheduleOptions & { readonly action: ScheduleOptionsStartWorkflowAction<Workflow> };

const starts = (workflowType: string): Pick<Started, 'action' | 'policies'> => ({
  action: { type: 'startWorkflow', workflowType, workflowId: workflowType, taskQueue: TASK_QUEUE, args: [] },
  policies: { overlap: 'SKIP' },
});

const ensure = async (client: Client, options: Started): Promise<void> => {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action } = options;
    await client.schedule.getHandle(options.scheduleId).update(({ state, policies }) => ({ spec, action, state, policies }));
  }
};
