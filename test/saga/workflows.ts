import { entityWorkflow } from '@qiyue/engine-workflow';
import { orderDecider } from './order.decider';
import { purseDecider } from './purse.decider';

export const order = entityWorkflow(orderDecider);
export const purse = entityWorkflow(purseDecider);
