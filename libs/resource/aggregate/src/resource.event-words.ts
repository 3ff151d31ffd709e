import type { Texts } from '@qiyue/civic-domain';
import type { ResourceEventType } from '@qiyue/resource-domain';

/** What its events are called, where people read of them; those of a deadline beside, as every kind calls them. An event without a row does not compile. */
export const RESOURCE_EVENT_WORDS: Readonly<Record<ResourceEventType, Texts>> = {
  ResourceOffered: { 'zh-CN': '登记资源', en: 'offered' },
  ResourceChanged: { 'zh-CN': '修改资源', en: 'changed' },
  ResourceWithdrawn: { 'zh-CN': '停止提供', en: 'withdrawn' },
  ResourceReserved: { 'zh-CN': '预约', en: 'reserved' },
  ReservationUsed: { 'zh-CN': '已使用', en: 'reservation used' },
  ReservationFreed: { 'zh-CN': '退回预约', en: 'reservation freed' },
};
