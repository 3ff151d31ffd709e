import { deadlineInterceptors, observedWorkflow } from '@qiyue/engine-workflow';
import { loanWithoutTimers } from './loan.changed';

export const loan = observedWorkflow(loanWithoutTimers);

export { deadlineInterceptors as interceptors };
