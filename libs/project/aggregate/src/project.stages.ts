import type { Texts } from '@qiyue/civic-domain';
import type { ProjectStage, ProjectStatus } from '@qiyue/project-domain';

/** What each stage is called, where people read of it. */
export const PROJECT_STAGE_TEXTS: Readonly<Record<ProjectStage, Texts>> = {
  planned: { 'zh-CN': '筹备中', en: 'planned' },
  'under-way': { 'zh-CN': '实施中', en: 'under way' },
  finished: { 'zh-CN': '已完成', en: 'finished' },
  cancelled: { 'zh-CN': '已取消', en: 'cancelled' },
};

/** The same of what it is in finer words. */
export const PROJECT_STATUS_TEXTS: Readonly<Record<ProjectStatus, Texts>> = {
  planning: { 'zh-CN': '筹备中', en: 'planning' },
  'at-work': { 'zh-CN': '实施中', en: 'at work' },
  settling: { 'zh-CN': '收尾中', en: 'settling' },
  ended: { 'zh-CN': '已结束', en: 'ended' },
};
