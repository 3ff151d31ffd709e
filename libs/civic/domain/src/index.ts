export * from './languages';
export * from './roles';
export * from './persons';
export * from './units';
export * from './nearest-names';
export * from './labels';
export * from './spoken-number';
export * from './instants';
export * from './refusals';
export * from './places';
export * from './deed-kinds';
export * from './money';
export * from './reservations';
export * from './clock';
export * from './clock-events';
export * from './clock-rules';
export * from './policy/policy.document';
export * from './policy/decision.policy';
export { DEFAULT_RETENTION, type Retention } from './policy/retention';
export { checkPolicy } from './policy/policy.check';
export {
  explainPolicyMistake,
  POLICY_MISTAKE_MESSAGES,
  type CheckedPolicy,
  type PolicyMistake,
  type PolicyMistakeKind,
} from './policy/policy.mistakes';
export { compilePolicy, tablesOf, type DeadlineTables, type Ladder, type LadderTables, type PolicyTable } from './policy/policy.table';
export {
  ruleFor,
  scheduleAt,
  scheduleEnding,
  scheduleFor,
  scheduleThatLapses,
  scheduleUntil,
  scheduleWithin,
  windowEnd,
  workingDaysOver,
  type Basis,
  type Pause,
  type Schedule,
  type ScheduledStep,
} from './policy/schedule';
