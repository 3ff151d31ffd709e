import { entityWorkflow } from '@qiyue/engine-workflow';
import { loanDecider } from './loan.decider';

/** The whole registration of the second decider. */
export const loan = entityWorkflow(loanDecider);
