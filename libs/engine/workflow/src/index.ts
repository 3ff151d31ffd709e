export * from './entity-workflow';
export * from './observed-workflow';
