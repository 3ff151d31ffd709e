import { LIGHT_TEXTS, wordColumns, wordOf, type WordColumn } from '@qiyue/aggregate';
import type { ProjectListItem } from '@qiyue/project-views';
import { PROJECT_STAGE_TEXTS, PROJECT_STATUS_TEXTS } from './project.stages';

const COLUMNS: readonly WordColumn<ProjectListItem>[] = [
  ['编号', 'Number', 18, ({ number }) => number, 'brief'],
  ['项目', 'Project', 40, ({ title }) => title, 'brief'],
  ['牵头单位', 'Led by', 20, ({ unit }) => unit, 'brief'],
  ['协办单位', 'Helpers', 24, ({ helpers }, language) => helpers.join(language === 'en' ? ', ' : '、')],
  ['社区', 'Community', 16, ({ community }) => community, 'brief'],
  ['阶段', 'Stage', 14, ({ stage }, language) => PROJECT_STAGE_TEXTS[stage][language], 'brief'],
  ['状态', 'Status', 18, ({ status }, language) => PROJECT_STATUS_TEXTS[status][language]],
  ['计划开始', 'Planned from', 14, ({ startsOn }) => startsOn],
  ['计划完成', 'Planned to', 14, ({ endsOn }) => endsOn],
  ['灯', 'Light', 8, ({ light }, language) => wordOf(LIGHT_TEXTS, light, language), 'brief'],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt, 'brief'],
  ['开工时间', 'Started', 20, ({ startedAt }) => startedAt],
  ['完成时间', 'Finished', 20, ({ finishedAt }) => finishedAt],
  ['契约标识', 'Contract', 30, ({ contractId }) => contractId],
  ['契约条目', 'Item', 8, ({ itemId }) => itemId],
  ['建立时间', 'Created', 20, ({ createdAt }) => createdAt],
  ['更新时间', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ projectId }) => projectId, 'brief'],
];

/** A list of projects as a table, in the reader's language. */
export const projectColumns = wordColumns(COLUMNS);
