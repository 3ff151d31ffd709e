import * as wf from '@temporalio/workflow';
import {
  driveSaga,
  workflowIdOf,
  type SagaActivities,
  type SagaEffect,
  type SagaEnd,
  type SagaInput,
  type SagaProgress,
  type SagaResult,
  type SagaWait,
} from '@qiyue/engine';

const PAUSE_MS = 250;
const PAUSE_MAX_MS = 30_000;

/**
 * Local ones, in one workflow task with nothing between: two streams cost few round trips. The plan is in the input, so that a task which is lost with
 * all that it did is done again by the same plan, and meets the answers of before.
 */
const activities = wf.proxyLocalActivities<SagaActivities>({ startToCloseTimeout: '10 seconds', retry: { maximumAttempts: 1 } });
const ACTIVITY_OF = { step: 'sagaStep', command: 'sagaCommand', undo: 'sagaUndo', note: 'sagaNote' } as const satisfies Record<
  Exclude<SagaEffect['kind'], 'answer'>,
  keyof SagaActivities
>;

/** A command over two streams, from its plan to its answer: see `driveSaga`. It ends by itself only, not by a cancel. */
export const saga = (input: SagaInput): Promise<SagaEnd> =>
  wf.CancellationScope.nonCancellable(async () => {
    const { command } = input;
    const pauses = new Pauses(input);
    const answer = await driveSaga(input, {
      perform: (effect, progress) => perform(input, effect, progress),
      pause: (wait, times, progress) => pauses.next(wait, times, progress),
    });
    return { fingerprint: command.fingerprint, answer };
  });

/** A failure is a bug or a worker that does not know the activity yet: another attempt may meet other code. */
const perform = async (input: SagaInput, effect: Exclude<SagaEffect, { readonly kind: 'answer' }>, progress: SagaProgress): Promise<SagaResult> => {
  try {
    return await activities[ACTIVITY_OF[effect.kind]](input, progress);
  } catch (error) {
    if (!(error instanceof wf.ActivityFailure)) throw error;
    const { aggregate, entity } = input.command;
    return { kind: 'waits', aggregate, entity, why: 'failed' };
  }
};

/** Shown in the memo, where whoever watches reads it without a task of this workflow. */
class Pauses {
  private shown: SagaWait | null = null;

  constructor(private readonly input: SagaInput) {}

  async next(wait: SagaWait, times: number, progress: SagaProgress): Promise<void> {
    this.show(wait);
    await wf.sleep(Math.min(PAUSE_MS * 2 ** Math.min(times, 20), PAUSE_MAX_MS), { summary: `${wait.aggregate}: ${wait.why}` });
    if (!wf.workflowInfo().continueAsNewSuggested) return;
    const memo = wf.workflowInfo().memo ?? {}; // it does not go along by itself
    await wf.makeContinueAsNewFunc<typeof saga>({ memo })({ ...this.input, progress });
  }

  private show(wait: SagaWait): void {
    const { aggregate, entity, why } = wait;
    if (this.shown?.aggregate === aggregate && this.shown.entity === entity && this.shown.why === why) return;
    this.shown = wait;
    wf.upsertMemo({ waits: { for: workflowIdOf(aggregate, entity), why } });
  }
}
