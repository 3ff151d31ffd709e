import type { Texts } from '@qiyue/civic-domain';
import type { ResourceKind, ResourceStage, ResourceStatus } from '@qiyue/resource-domain';

/** What each stage is called, where people read of it. */
export const RESOURCE_STAGE_TEXTS: Readonly<Record<ResourceStage, Texts>> = {
  offered: { 'zh-CN': '可使用', en: 'offered' },
  withdrawn: { 'zh-CN': '已收回', en: 'withdrawn' },
};

/** The same of what it is in finer words. */
export const RESOURCE_STATUS_TEXTS: Readonly<Record<ResourceStatus, Texts>> = {
  free: { 'zh-CN': '可用', en: 'free' },
  reserved: { 'zh-CN': '已预约', en: 'reserved' },
  'used-up': { 'zh-CN': '已用完', en: 'used up' },
  settling: { 'zh-CN': '已收回，预约未了', en: 'withdrawn, reservations running' },
  ended: { 'zh-CN': '已结束', en: 'ended' },
};

/** What sort of thing it is. */
export const RESOURCE_KIND_TEXTS: Readonly<Record<ResourceKind, Texts>> = {
  people: { 'zh-CN': '人员', en: 'people' },
  equipment: { 'zh-CN': '设备', en: 'equipment' },
  place: { 'zh-CN': '场地', en: 'place' },
  materials: { 'zh-CN': '物资', en: 'materials' },
  money: { 'zh-CN': '资金', en: 'money' },
};
