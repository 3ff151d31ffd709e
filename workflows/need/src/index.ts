import { entityWorkflow } from '@qiyue/engine-workflow';
import { needDecider } from '@qiyue/need-domain';

/** A need, from its submission to its end: one workflow each, id `need-<id>`. */
export const need = entityWorkflow(needDecider);
