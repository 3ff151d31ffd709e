import { deadlineInterceptors, observedWorkflow } from '@qiyue/engine-workflow';
import { needDecider } from '@qiyue/need-domain';

/** The workflow of a need as a replay of its history runs it. Never registered with a worker. */
export const need = observedWorkflow(needDecider);

export { deadlineInterceptors as interceptors };
