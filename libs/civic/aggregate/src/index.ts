export * from './aggregate';
export * from './clashes';
export * from './clock-shown';
export * from './csv';
export * from './derived';
export * from './field-sights';
export * from './workflow-entry';
export * from './papers';
