import { CSV, csvForm, wordSheet, yuanOf, type AggregateQuery, type Sheet, type WordColumn } from '@qiyue/aggregate';
import type { Language, PublicRole } from '@qiyue/civic-domain';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { UNIT_YEAR_STAGE_TEXTS } from '../unit-year.stages';
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

const COLUMNS: readonly WordColumn<BudgetRow>[] = [
  ['单位', 'Unit', 20, ({ unit }) => unit],
  ['年度', 'Year', 8, ({ year }) => year],
  ['阶段', 'Stage', 14, ({ stage }, language) => UNIT_YEAR_STAGE_TEXTS[stage][language]],
  ['预算（元）', 'Granted, yuan', 16, ({ grantedFen }) => yuanOf(grantedFen)],
  ['已预留（元）', 'Reserved, yuan', 16, ({ reservedFen }) => yuanOf(reservedFen)],
  ['已支出（元）', 'Spent, yuan', 16, ({ committedFen }) => yuanOf(committedFen)],
  ['可用（元）', 'Available, yuan', 16, ({ availableFen }) => yuanOf(availableFen)],
];

export const budgetsSheet = ({ rows }: Budgets, language: Language): Sheet =>
  wordSheet({ 'zh-CN': '部门经费', en: 'Budgets' }, COLUMNS, rows, language);

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
  title: { 'zh-CN': '部门经费：预算、预留、支出、可用', en: 'Money of departments' },
  summary: 'Money of departments by year: granted, reserved, spent, available, in fen',
  description: 'granted = reserved + committed + available. Without a budget, granted and available are null: nothing bounds what is reserved.',
  parameters: budgetsQuery,
  answer: budgetsAnswer,
  forms: { [CSV]: csvForm(budgetsSheet) },
  sheets: (answer, language) => [budgetsSheet(answer, language)],
  roles: MONEY_READERS,
  read: async (query, ports) => ({ rows: (await scoresOf(query, ports)).flatMap(budgetRowsOf) }),
};
