import * as wf from '@temporalio/workflow';
import { need as today } from '@qiyue/workflows-need';

/** The planted change: a step more at the start, of which no recorded history knows. */
export const need = async (input: Parameters<typeof today>[0]): Promise<void> => {
  const { anything } = wf.proxyActivities<{ anything(): Promise<void> }>({ startToCloseTimeout: '1 second' });
  void anything();
  await today(input);
};
