export * from './command-schemas';
export * from './command-summaries';
export * from './event-schemas';
export * from './stages';
