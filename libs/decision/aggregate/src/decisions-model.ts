import { decisionDecider } from '@qiyue/decision-domain';
import { foldDecisionView, type DecisionView } from '@qiyue/decision-views';
import { NUMBER_INDEXES, numberKeysOf } from '@qiyue/aggregate';
import { knownRulesOf, type RecordBody } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';

/** The read model of decisions: one document each, as `GET /v1/decisions/{id}` shows it, with the indexes that the list's filters want. */
export const decisionsModel: ReadModel<DecisionView> = {
  name: 'decisions',
  aggregate: 'decision',
  version: 3,
  rules: knownRulesOf(decisionDecider),
  fold: (view: DecisionView | null, body: RecordBody) => foldDecisionView(view, body),
  keysOf: ({ decisionId, createdAt }) => numberKeysOf(decisionId, createdAt),
  indexes: [
    { 'view.createdAt': -1, _id: -1 },
    ...NUMBER_INDEXES,
    { 'view.needId': 1, 'view.createdAt': -1 },
    { 'view.community': 1, 'view.createdAt': -1 },
    { 'view.stage': 1, 'view.createdAt': -1 },
    { 'view.dueAt': 1 },
    { 'view.clock.provisional': 1 },
  ],
};
