import { entityWorkflow } from '@qiyue/engine-workflow';
import { loanDecider } from '../../loan/loan.decider.js';

/** The whole registration: a worker bundles this file. */
export const loan = entityWorkflow(loanDecider);
