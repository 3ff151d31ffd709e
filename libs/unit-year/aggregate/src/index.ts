export { unitYear, unitYearAggregate } from './unit-year.aggregate';
export { scoreboardModel, scoresOf, type Score } from './scoreboard';
export { unitYearsModel } from './unit-years-model';
export { UNIT_YEAR_REFUSALS } from './unit-year.refusals';
export { moneyShown, stageShown, unitYearItem, unitYearShown } from './unit-year.shown';
export { COMMAND_EXAMPLES } from './unit-year.examples';
export { budgetRowsOf, MONEY_READERS, type BudgetRow, type Budgets } from './queries/budgets';
export { countsShown, pledgeRowOf, type PledgeRow, type Pledges } from './queries/pledges';
export { unitYearNotices } from './notices/unit-year.notices';
