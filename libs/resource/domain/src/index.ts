export * from './resource.commands';
export * from './resource.events';
export * from './resource.state';
export * from './resource.refusals';
export * from './resource.permissions';
export { stillHolding } from './resource.evolve';
export { RESOURCE_RULES, resourceDecider } from './resource.decider';
