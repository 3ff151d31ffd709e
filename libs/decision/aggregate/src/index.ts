export { decision, decisionAggregate } from './decision.aggregate';
export { decisionsModel } from './decisions-model';
export { DECISION_REFUSALS } from './decision.refusals';
export { decisionItem, decisionShown } from './decision.shown';
export { COMMAND_EXAMPLES } from './decision.examples';
export { decisionNotices } from './notices/decision.notices';
export type { Parts } from './queries/parts';
