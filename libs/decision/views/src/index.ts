export * from './decision-view';
export { foldDecisionView } from './decision-view.fold';
export { toListItem, type DecisionListItem } from './list-item';
export * from './reading-rules';
export * from './retention';
