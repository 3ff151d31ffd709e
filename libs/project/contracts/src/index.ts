export * from './command-schemas';
export * from './event-schemas';
export * from './field-texts';
