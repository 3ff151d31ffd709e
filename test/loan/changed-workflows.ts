import { entityWorkflow } from '@qiyue/engine-workflow';
import { changedDecider } from './changed.decider';

export const loan = entityWorkflow(changedDecider);
