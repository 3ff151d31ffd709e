export * from './unit-year-view';
export { foldUnitYearView } from './unit-year-view.fold';
export { toListItem, type PledgeCount, type UnitYearListItem } from './list-item';
export * from './reading-rules';
export * from './retention';
