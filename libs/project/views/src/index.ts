export * from './project-view';
export { foldProjectScore, yearOfProject, type ProjectScore } from './project-score.fold';
export { foldProjectView } from './project-view.fold';
export * from './reading-rules';
