import { deadlineInterceptors, observedWorkflow } from '@qiyue/engine-workflow';
import * as deciders from './planted-deciders';

/** All in one bundle: a test gives a history the name of the workflow that is to replay it. */
export const today = observedWorkflow(deciders.today);
export const claimRefused = observedWorkflow(deciders.claimRefused);
export const secondClaimAccepted = observedWorkflow(deciders.secondClaimAccepted);
export const eventGainsField = observedWorkflow(deciders.eventGainsField);
export const stateGainsField = observedWorkflow(deciders.stateGainsField);
export const otherLead = observedWorkflow(deciders.otherLead);
export const reminderLater = observedWorkflow(deciders.reminderLater);
export const declared = observedWorkflow(deciders.declared);
export const stateIsCounted = observedWorkflow(deciders.stateIsCounted);
export const noEnd = observedWorkflow(deciders.noEnd);
export { deadlineInterceptors as interceptors };
