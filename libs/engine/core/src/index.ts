/**
 * What a decider is, and one entity around it: decides, evolves, numbers and seals records, remembers answers. Pure: no clock, no I/O, nothing of
 * Node, so that a workflow, an audit and a test run the same code.
 *
 * @module @qiyue/engine
 */
export * from './decider';
export * from './labels';
export * from './command';
export * from './record';
export * from './state-digest';
export * from './suite';
export * from './time';
export * from './fold';
export { Outbox, HANDED_OVER_MAX, OUTBOX_CHARS_MAX, type Place } from './outbox';
export * from './entity';
export * from './entity-state';
export * from './saga';
export * from './saga-progress';
export * from './shell';
export * from './pace';
export * from './reaction';
