import { contractDecider } from '@qiyue/contract-domain';
import { foldContractScore, type ContractScore } from '@qiyue/contract-views';
import { knownRulesOf } from '@qiyue/engine';
import type { KeyedSource, ModelSums } from '@qiyue/engine-runtime';

const folded = { aggregate: contractDecider.aggregate, rules: knownRulesOf(contractDecider), fold: foldContractScore };

const sumsOf = ({ items, itemsDone }: ContractScore): ModelSums => ({ contracts: 1, items, itemsDone });

/** A contract counts for both sides in the year that it is for, once both have signed. */
export const contractScores: KeyedSource<ContractScore> = {
  ...folded,
  partsOf: (score) => (score.isSigned ? [{ key: { unit: score.unit, year: score.year }, sums: sumsOf(score) }] : []),
};
export const communityContractScores: KeyedSource<ContractScore> = {
  ...folded,
  partsOf: (score) => (score.isSigned ? [{ key: { community: score.community, year: score.year }, sums: sumsOf(score) }] : []),
};
