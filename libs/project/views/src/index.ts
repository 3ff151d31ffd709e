export * from './project-view';
export { foldProjectView } from './project-view.fold';
export * from './reading-rules';
