export * from './contract.commands';
export * from './contract.events';
export * from './contract.state';
export * from './contract.refusals';
export * from './contract.permissions';
export { CONTRACT_RULES, contractDecider } from './contract.decider';
