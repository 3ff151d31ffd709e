import { entityWorkflow } from '@qiyue/engine-workflow';
import { declaredDecider } from './changed.decider';

export const loan = entityWorkflow(declaredDecider);
