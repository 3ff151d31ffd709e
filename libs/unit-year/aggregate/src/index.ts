export { unitYear, unitYearAggregate } from './unit-year.aggregate';
export { scoreboardModel } from './scoreboard';
export { unitYearsModel } from './unit-years-model';
export { UNIT_YEAR_REFUSALS } from './unit-year.refusals';
export { unitYearItem, unitYearShown } from './unit-year.shown';
export { COMMAND_EXAMPLES } from './unit-year.examples';
export type { BudgetRow, Budgets } from './queries/budgets';
export type { PledgeRow, Pledges } from './queries/pledges';
export { unitYearNotices } from './notices/unit-year.notices';
