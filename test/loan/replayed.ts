import { observedWorkflow } from '@qiyue/engine-workflow';
import { loanDecider } from './loan.decider';

export const loan = observedWorkflow(loanDecider);
