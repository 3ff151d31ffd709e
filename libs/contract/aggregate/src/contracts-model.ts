import { contractDecider } from '@qiyue/contract-domain';
import { foldContractView, type ContractView } from '@qiyue/contract-views';
import { NUMBER_INDEXES, numberKeysOf } from '@qiyue/aggregate';
import { knownRulesOf, type RecordBody } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';

/** The read model of contracts: one document each, as `GET /v1/contracts/{id}` shows it, with the indexes that the list's filters want. */
export const contractsModel: ReadModel<ContractView> = {
  name: 'contracts',
  aggregate: 'contract',
  version: 3,
  rules: knownRulesOf(contractDecider),
  fold: (view: ContractView | null, body: RecordBody) => foldContractView(view, body),
  keysOf: ({ contractId, createdAt }) => numberKeysOf(contractId, createdAt),
  indexes: [
    { 'view.createdAt': -1, _id: -1 },
    ...NUMBER_INDEXES,
    { 'view.year': -1, 'view.unit': 1 },
    { 'view.year': -1, 'view.community': 1 },
    { 'view.unit': 1, 'view.createdAt': -1 },
    { 'view.community': 1, 'view.createdAt': -1 },
    { 'view.stage': 1, 'view.createdAt': -1 },
    { 'view.dueAt': 1 },
    { 'view.clock.provisional': 1 },
  ],
};
