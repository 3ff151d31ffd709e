export * from './decider';
export * from './command';
export * from './record';
export * from './time';
export * from './entity';
export * from './shell';
export * from './pace';
