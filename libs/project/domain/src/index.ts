export * from './project.commands';
export * from './project.events';
export * from './project.state';
export * from './project.refusals';
export * from './project.permissions';
export { PROJECT_RULES, projectDecider } from './project.decider';
