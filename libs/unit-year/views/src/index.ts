export * from './unit-year-view';
export { foldUnitYearView } from './unit-year-view.fold';
export { foldUnitYearScore, type ScoredPledge, type UnitYearScore } from './unit-year-score.fold';
export { toListItem, type PledgeCount, type UnitYearListItem } from './list-item';
export * from './reading-rules';
export * from './retention';
