import { STATUSES, TIMED_STAGES, type DecisionStage, type DecisionStatus } from '@qiyue/decision-domain';

/** A record, so that a new stage does not compile until it can be asked for. */
const STAGES: Readonly<Record<DecisionStage, true>> = {
  ...{ preparing: true, voting: true, counting: true, passed: true, noticing: true, confirming: true, declared: true, emergency: true },
  ...{ confirmed: true, warranty: true, ended: true, failed: true, cancelled: true },
};
export const DECISION_STAGES = Object.keys(STAGES) as readonly DecisionStage[];
export const DECISION_STATUSES: readonly DecisionStatus[] = STATUSES;
export const DECISION_TIMED_STAGES = TIMED_STAGES;
