import type { ClockEvent, Texts } from '@qiyue/civic-domain';
import type { ProjectEventType } from '@qiyue/project-domain';

/** What its events are called, where people read of them; those of a deadline beside, as every kind calls them. An event without a row does not compile. */
export const PROJECT_EVENT_WORDS: Readonly<Record<Exclude<ProjectEventType, ClockEvent['type']>, Texts>> = {
  ProjectPlanned: { 'zh-CN': '立项', en: 'planned' },
  HelperJoined: { 'zh-CN': '接受协办', en: 'joined as a helper' },
  NeedAdded: { 'zh-CN': '列入需求', en: 'need added' },
  NeedMoved: { 'zh-CN': '需求有进展', en: 'need moved on' },
  ResourceAdded: { 'zh-CN': '预留资源', en: 'resource added' },
  ResourceLeft: { 'zh-CN': '资源退出', en: 'resource left' },
  ProjectStarted: { 'zh-CN': '启动', en: 'started' },
  MilestonePlanned: { 'zh-CN': '设定节点', en: 'milestone planned' },
  MilestoneReached: { 'zh-CN': '达到节点', en: 'milestone reached' },
  ProjectFinished: { 'zh-CN': '完工', en: 'finished' },
  ProjectReopened: { 'zh-CN': '重新启动', en: 'reopened' },
  ProjectCancelled: { 'zh-CN': '放弃项目', en: 'cancelled' },
  ProjectClosed: { 'zh-CN': '办结', en: 'closed' },
};
