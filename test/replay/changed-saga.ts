import * as wf from '@temporalio/workflow';
import { saga as today } from '@qiyue/workflows-saga';

/** The planted change: a step more at the start, of which no recorded history knows. */
export const saga = async (input: Parameters<typeof today>[0]): ReturnType<typeof today> => {
  await wf.sleep('1 second');
  return today(input);
};
