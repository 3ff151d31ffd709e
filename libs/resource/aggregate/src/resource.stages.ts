import type { Texts } from '@qiyue/civic-domain';
import type { ResourceStage } from '@qiyue/resource-domain';

/** What each stage is called, where people read of it. */
export const RESOURCE_STAGE_TEXTS: Readonly<Record<ResourceStage, Texts>> = {
  offered: { 'zh-CN': '可使用', en: 'offered' },
  withdrawn: { 'zh-CN': '已收回', en: 'withdrawn' },
};
