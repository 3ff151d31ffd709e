import { entityWorkflow } from '@qiyue/engine-workflow';
import { orderDecider } from './order.decider';
import { shelfDecider } from './shelf.decider';

export const order = entityWorkflow(orderDecider);
export const shelf = entityWorkflow(shelfDecider);
