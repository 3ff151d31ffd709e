import { deadlineInterceptors, observedWorkflow } from '@qiyue/engine-workflow';
import { loanDecider } from './loan.decider';

export const loan = observedWorkflow(loanDecider);

export { deadlineInterceptors as interceptors };
