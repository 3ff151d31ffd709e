import { wordColumns, type WordColumn } from '@qiyue/aggregate';
import type { ResourceListItem } from '@qiyue/resource-views';
import { RESOURCE_KIND_TEXTS, RESOURCE_STAGE_TEXTS, RESOURCE_STATUS_TEXTS } from './resource.stages';

const COLUMNS: readonly WordColumn<ResourceListItem>[] = [
  ['编号', 'Number', 18, ({ number }) => number, 'brief'],
  ['资源', 'Resource', 30, ({ name }) => name, 'brief'],
  ['类别', 'Kind', 10, ({ kind }, language) => RESOURCE_KIND_TEXTS[kind][language], 'brief'],
  ['提供单位', 'Given by', 20, ({ giver }) => giver, 'brief'],
  ['数量', 'Quantity', 10, ({ quantity }) => quantity, 'brief'],
  ['计量单位', 'Unit', 10, ({ unit }) => unit, 'brief'],
  ['已用', 'Used', 8, ({ used }) => used],
  ['阶段', 'Stage', 14, ({ stage }, language) => RESOURCE_STAGE_TEXTS[stage][language]],
  ['状态', 'Status', 18, ({ status }, language) => RESOURCE_STATUS_TEXTS[status][language], 'brief'],
  ['起', 'From', 20, ({ from }) => from],
  ['止', 'To', 20, ({ to }) => to],
  ['社区', 'Community', 16, ({ community }) => community],
  ['小区', 'Compound', 16, ({ compound }) => compound],
  ['使用条件', 'Conditions', 30, ({ conditions }) => conditions],
  ['技能', 'Skills', 24, ({ skills }, language) => skills.join(language === 'en' ? ', ' : '、')],
  ['建立时间', 'Created', 20, ({ createdAt }) => createdAt],
  ['更新时间', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ resourceId }) => resourceId, 'brief'],
];

/** A list of resources as a table, in the reader's language. */
export const resourceColumns = wordColumns(COLUMNS);
