export * from './similarity';
export * from './similarity.weights';
export * from './matching.weights';
export * from './similar-needs';
export * from './unit-record.fold';
export * from './unit-matches';
export * from './resource-matches';
export { TOPICS, type Topic } from './topics.data';
