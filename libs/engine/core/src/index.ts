export * from './decider';
export * from './command';
export * from './record';
export * from './time';
export * from './fold';
export { Outbox, HANDED_OVER_MAX, OUTBOX_CHARS_MAX, type Place } from './outbox';
export * from './entity';
export * from './shell';
export * from './pace';
