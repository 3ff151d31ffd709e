export * from './aggregate';
export * from './clashes';
export * from './derived';
export * from './field-sights';
export * from './workflow-entry';
