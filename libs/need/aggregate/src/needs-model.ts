import { NUMBER_INDEXES } from '@qiyue/aggregate';
import { knownRulesOf, type RecordBody } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { needKeysOf } from './need.keys';
import { foldHashedRecord, type NeedView } from '@qiyue/need-views';

/** The read model of needs: one document each, as `GET /v1/needs/{id}` shows it, with the indexes that the list's filters want. */
export const needsModel: ReadModel<NeedView> = {
  name: 'needs',
  aggregate: 'need',
  version: 7,
  rules: knownRulesOf(needDecider),
  fold: (view: NeedView | null, body: RecordBody, hash: string) => foldHashedRecord(view, body, hash),
  keysOf: needKeysOf,
  indexes: [
    { 'view.createdAt': -1, _id: -1 },
    { 'view.stage': 1, 'view.createdAt': -1 },
    { 'view.community': 1, 'view.createdAt': -1 },
    { 'keys.has': 1, 'view.createdAt': -1, _id: -1 },
    { 'keys.has': 1, 'keys.due': 1, _id: 1 },
    { 'keys.has': 1, 'keys.urgency': 1, _id: 1 },
    { 'keys.has': 1, 'keys.lateness': 1, _id: 1 },
    { 'keys.grams': 1 },
    ...NUMBER_INDEXES,
    { 'view.dueAt': 1 },
    { 'view.unit': 1, 'view.dueAt': 1 },
    { 'view.clock.provisional': 1 },
  ],
};
