export * from './bounded';
export * from './need-view';
export { foldNeedView } from './need-view.fold';
export { standingOf, toListItem, type NeedListItem, type Standing } from './list-item';
export * from './clock-view';
export * from './light';
export * from './reading-rules';
