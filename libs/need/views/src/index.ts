export * from './need-view';
export { foldNeedView } from './need-view.fold';
export { toListItem, type NeedListItem } from './list-item';
