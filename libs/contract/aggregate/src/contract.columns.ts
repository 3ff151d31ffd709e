import { LIGHT_TEXTS, wordColumns, wordOf, type WordColumn } from '@qiyue/aggregate';
import type { ContractListItem } from '@qiyue/contract-views';
import { CONTRACT_STAGE_TEXTS, CONTRACT_STATUS_TEXTS } from './contract.stages';

const COLUMNS: readonly WordColumn<ContractListItem>[] = [
  ['编号', 'Number', 18, ({ number }) => number, 'brief'],
  ['单位', 'Unit', 20, ({ unit }) => unit, 'brief'],
  ['社区', 'Community', 16, ({ community }) => community, 'brief'],
  ['年度', 'Year', 8, ({ year }) => year, 'brief'],
  ['阶段', 'Stage', 14, ({ stage }, language) => CONTRACT_STAGE_TEXTS[stage][language], 'brief'],
  ['状态', 'Status', 18, ({ status }, language) => CONTRACT_STATUS_TEXTS[status][language]],
  ['条目', 'Items', 8, ({ counts }) => counts.items],
  ['已完成条目', 'Items finished', 10, ({ counts }) => counts.finished],
  ['开始日期', 'Begins', 14, ({ startsOn }) => startsOn],
  ['结束日期', 'Ends', 14, ({ endsOn }) => endsOn],
  ['灯', 'Light', 8, ({ light }, language) => wordOf(LIGHT_TEXTS, light, language), 'brief'],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt, 'brief'],
  ['建立时间', 'Created', 20, ({ createdAt }) => createdAt],
  ['更新时间', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ contractId }) => contractId, 'brief'],
];

/** A list of contracts as a table, in the reader's language. */
export const contractColumns = wordColumns(COLUMNS);
