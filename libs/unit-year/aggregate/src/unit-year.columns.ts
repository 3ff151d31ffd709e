import { LIGHT_TEXTS, wordColumns, wordOf, type WordColumn } from '@qiyue/aggregate';
import type { UnitYearListItem } from '@qiyue/unit-year-views';
import { UNIT_YEAR_STAGE_TEXTS, UNIT_YEAR_STATUS_TEXTS } from './unit-year.stages';

const COLUMNS: readonly WordColumn<UnitYearListItem>[] = [
  ['单位', 'Unit', 20, ({ unit }) => unit, 'brief'],
  ['年度', 'Year', 8, ({ year }) => year, 'brief'],
  ['阶段', 'Stage', 14, ({ stage }, language) => UNIT_YEAR_STAGE_TEXTS[stage][language], 'brief'],
  ['状态', 'Status', 18, ({ status }, language) => UNIT_YEAR_STATUS_TEXTS[status][language]],
  ['承诺实事', 'Works promised', 10, ({ counts }) => counts.tangible.promised],
  ['兑现实事', 'Works fulfilled', 10, ({ counts }) => counts.tangible.fulfilled],
  ['承诺好事', 'Services promised', 10, ({ counts }) => counts.service.promised],
  ['兑现好事', 'Services fulfilled', 10, ({ counts }) => counts.service.fulfilled],
  ['灯', 'Light', 8, ({ light }, language) => wordOf(LIGHT_TEXTS, light, language), 'brief'],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt, 'brief'],
  ['公布时间', 'Published', 20, ({ publishedAt }) => publishedAt],
  ['结束时间', 'Closed', 20, ({ closedAt }) => closedAt],
  ['建立时间', 'Created', 20, ({ createdAt }) => createdAt],
  ['更新时间', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ unitYearId }) => unitYearId, 'brief'],
];

/** A list of units' years as a table, in the reader's language. */
export const unitYearColumns = wordColumns(COLUMNS);
