export * from './command-schemas';
export * from './command-summaries';
export * from './event-schemas';
export * from './cloud-events';
export * from './command-id';
export * from './personal-fields';
export * from './explain-issues';
export { personal } from './text-fields';
export * from './retime';
