export { contract, contractAggregate } from './contract.aggregate';
export { communityContractScores, contractScores } from './contract-scores';
export { contractsModel } from './contracts-model';
export { CONTRACT_REFUSALS } from './contract.refusals';
export { contractItem, contractShown } from './contract.shown';
export { COMMAND_EXAMPLES } from './contract.examples';
export { contractNotices } from './notices/contract.notices';
