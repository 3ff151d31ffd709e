export * from './need.commands';
export * from './need.events';
export * from './need.state';
export * from './need.refusals';
export * from './need.permissions';
export { DEFAULT_POLICY, policyOf, type NeedPolicy } from './need.policy';
export { AMOUNT_FEN_MAX } from './rules/claim.rules';
export { needDecider } from './need.decider';
