import { deadlineInterceptors, observedWorkflow } from '@qiyue/engine-workflow';
import { changedLoan } from './loan.changed';

export const loan = observedWorkflow(changedLoan);

export { deadlineInterceptors as interceptors };
