export * from './bounded';
export * from './need-view';
export { foldHashedRecord, foldNeedView } from './need-view.fold';
export { foldNeedScore, type NeedScore } from './need-score.fold';
export { toListItem, type NeedListItem } from './list-item';
export * from './parties-view';
export * from './reading-rules';
export * from './retention';
export * from './field-sight';
