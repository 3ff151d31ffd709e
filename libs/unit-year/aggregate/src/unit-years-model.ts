import { knownRulesOf, type RecordBody } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';
import { unitYearDecider } from '@qiyue/unit-year-domain';
import { foldUnitYearView, type UnitYearView } from '@qiyue/unit-year-views';

/** The read model of units' years: one document each, as `GET /v1/unit-years/{id}` shows it, with the indexes that the list's filters want. */
export const unitYearsModel: ReadModel<UnitYearView> = {
  name: 'unitYears',
  aggregate: 'unit-year',
  version: 2,
  rules: knownRulesOf(unitYearDecider),
  fold: (view: UnitYearView | null, body: RecordBody) => foldUnitYearView(view, body),
  indexes: [
    { 'view.createdAt': -1, _id: -1 },
    { 'view.year': -1, 'view.unit': 1 },
    { 'view.unit': 1, 'view.year': -1 },
    { 'view.stage': 1, 'view.createdAt': -1 },
    { 'view.dueAt': 1 },
    { 'view.clock.provisional': 1 },
  ],
};
