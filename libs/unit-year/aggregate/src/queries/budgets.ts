import { CSV, csvOf, type AggregateQuery } from '@qiyue/aggregate';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { moneyShown, stageShown } from '../unit-year.shown';
import { yearsOf } from './years';

const budgetRow = z.object({ unit: z.string(), year: z.int(), stage: stageShown, ...moneyShown });
const budgetsAnswer = z.object({ rows: z.array(budgetRow).readonly() });
const budgetsQuery = z.strictObject(whichYear);
export type Budgets = z.infer<typeof budgetsAnswer>;
export type BudgetRow = Budgets['rows'][number];
type BudgetsQuery = z.infer<typeof budgetsQuery>;

const MONEY = ['grantedFen', 'reservedFen', 'committedFen', 'availableFen'] as const;

export const budgetsCsv = ({ rows }: Budgets): string =>
  csvOf(
    ['unit', 'year', 'stage', ...MONEY],
    rows.map((row) => [row.unit, row.year, row.stage, ...MONEY.map((name) => row[name])]),
  );

export const budgetRowOf = ({ unit, year, stage, budget }: Pick<UnitYearView, 'unit' | 'year' | 'stage' | 'budget'>): BudgetRow => {
  const { grantedFen, reservedFen, committedFen, availableFen } = budget;
  return { unit, year, stage, grantedFen, reservedFen, committedFen, availableFen };
};

/** What departments may spend and have spent. */
export const budgets: AggregateQuery<BudgetsQuery, Budgets> = {
  path: 'stats/budgets',
  summary: 'Money of departments by year: granted, reserved, spent, available, in fen',
  description:
    'granted = reserved + committed + available. Without a budget, granted and available are null: nothing bounds what is reserved. For departments, the centre and supervisors.',
  parameters: budgetsQuery,
  answer: budgetsAnswer,
  forms: { [CSV]: budgetsCsv },
  looksAtAll: true,
  roles: ['department', 'centre', 'supervisor'],
  read: async (query, ports) => ({ rows: (await yearsOf(query, ports, ['budget'])).map(budgetRowOf) }),
};
