export * from './aggregate';
export * from './derived';
export * from './field-sights';
export * from './workflow-entry';
