export * from './command-schemas';
export * from './command-summaries';
export * from './event-schemas';
export * from './event-texts';
export * from './field-texts';
export * from './cloud-events';
export * from './personal-fields';
export * from './stages';
