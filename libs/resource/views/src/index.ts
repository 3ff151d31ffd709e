export * from './resource-view';
export { foldResourceView } from './resource-view.fold';
export * from './reading-rules';
