export * from './contract-view';
export { foldContractScore, type ContractScore } from './contract-score.fold';
export { foldContractView } from './contract-view.fold';
export { toListItem, type ContractListItem } from './list-item';
export * from './reading-rules';
export * from './retention';
