export * from './need.commands';
export * from './need.events';
export * from './need.state';
export * from './need.refusals';
export * from './need.permissions';
export * from './need.persons';
export { stepId, type DeadlineClock, type Whistle } from './need.clock';
export * from './policy/policy.document';
export { DEFAULT_RETENTION, type Retention } from './policy/retention';
export { checkPolicy } from './policy/policy.check';
export {
  explainPolicyMistake,
  POLICY_MISTAKE_MESSAGES,
  type CheckedPolicy,
  type PolicyMistake,
  type PolicyMistakeKind,
} from './policy/policy.mistakes';
export { compilePolicy, tablesOf, type DeadlineTables, type PolicyTable } from './policy/policy.table';
export { ruleFor, scheduleFor, windowEnd, workingDaysOver, type Basis, type Pause, type Schedule, type ScheduledStep } from './policy/schedule';
export { AMOUNT_FEN_MAX } from './rules/claim.rules';
export { COMMAND_SINCE } from './rules/contact.rules';
export { NEED_RULES, needDecider } from './need.decider';
export { adoptionIn } from './need.evolve';
export { needUpcasters } from './need.upcasters';
