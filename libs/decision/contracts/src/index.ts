export * from './command-schemas';
export * from './command-summaries';
export * from './event-causes';
export * from './event-schemas';
export * from './field-texts';
export * from './stages';
