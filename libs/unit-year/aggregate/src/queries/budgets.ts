import { CSV, csvOf, type AggregateQuery } from '@qiyue/aggregate';
import type { PublicRole } from '@qiyue/civic-domain';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { moneyShown, stageShown } from '../unit-year.shown';
import { scoresOf, type Score } from '../scoreboard';

const budgetRow = z.object({ unit: z.string(), year: z.int(), stage: stageShown, ...moneyShown });
const budgetsAnswer = z.object({ rows: z.array(budgetRow).readonly() });
const budgetsQuery = z.strictObject(whichYear);
export type Budgets = z.infer<typeof budgetsAnswer>;
export type BudgetRow = Budgets['rows'][number];
type BudgetsQuery = z.infer<typeof budgetsQuery>;

/** Who may see what departments have and spend. */
export const MONEY_READERS: readonly PublicRole[] = ['department', 'centre', 'supervisor'];

const MONEY = ['grantedFen', 'reservedFen', 'committedFen', 'availableFen'] as const;

export const budgetsCsv = ({ rows }: Budgets): string =>
  csvOf(
    ['unit', 'year', 'stage', ...MONEY],
    rows.map((row) => [row.unit, row.year, row.stage, ...MONEY.map((name) => row[name])]),
  );

/** None of a year that nobody has opened. */
export const budgetRowsOf = ({ unit, year, stage, sums }: Score): readonly BudgetRow[] => {
  if (stage === null) return [];
  const { budgets: isBounded, grantedFen = 0, reservedFen = 0, committedFen = 0 } = sums;
  const money = { reservedFen, committedFen };
  return isBounded === undefined
    ? [{ unit, year, stage, grantedFen: null, ...money, availableFen: null }]
    : [{ unit, year, stage, grantedFen, ...money, availableFen: grantedFen - reservedFen - committedFen }];
};

/** What departments may spend and have spent. */
export const budgets: AggregateQuery<BudgetsQuery, Budgets> = {
  path: 'stats/budgets',
  summary: 'Money of departments by year: granted, reserved, spent, available, in fen',
  description: 'granted = reserved + committed + available. Without a budget, granted and available are null: nothing bounds what is reserved.',
  parameters: budgetsQuery,
  answer: budgetsAnswer,
  forms: { [CSV]: budgetsCsv },
  roles: MONEY_READERS,
  read: async (query, ports) => ({ rows: (await scoresOf(query, ports)).flatMap(budgetRowsOf) }),
};
