export * from './entity-workflow';
