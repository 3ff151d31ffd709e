import { LIGHT_TEXTS, wordColumns, wordOf, yuanOf, type WordColumn } from '@qiyue/aggregate';
import type { DecisionListItem } from '@qiyue/decision-views';
import { DECISION_STAGE_TEXTS, DECISION_STATUS_TEXTS } from './decision.stages';
import { NOTICE_TEXTS } from './papers/texts';

const COLUMNS: readonly WordColumn<DecisionListItem>[] = [
  ['编号', 'Number', 18, ({ number }) => number, 'brief'],
  ['社区', 'Community', 16, ({ community }) => community, 'brief'],
  ['事项', 'Matter', 20, ({ matter }, language) => NOTICE_TEXTS[language].matters[matter], 'brief'],
  ['工程', 'Works', 40, ({ works }) => works, 'brief'],
  ['预算（元）', 'Budget, yuan', 14, ({ budgetFen }) => yuanOf(budgetFen)],
  ['阶段', 'Stage', 14, ({ stage }, language) => DECISION_STAGE_TEXTS[stage][language], 'brief'],
  ['状态', 'Status', 18, ({ status }, language) => DECISION_STATUS_TEXTS[status][language]],
  ['表决截止', 'Voting ends', 20, ({ closesAt }) => closesAt],
  ['灯', 'Light', 8, ({ light }, language) => wordOf(LIGHT_TEXTS, light, language), 'brief'],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt, 'brief'],
  ['需求标识', 'Need', 30, ({ needId }) => needId],
  ['建立时间', 'Created', 20, ({ createdAt }) => createdAt],
  ['更新时间', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ decisionId }) => decisionId, 'brief'],
];

/** A list of decisions as a table, in the reader's language. */
export const decisionColumns = wordColumns(COLUMNS);
