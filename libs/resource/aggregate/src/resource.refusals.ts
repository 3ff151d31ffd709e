import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { ResourceRefusal } from '@qiyue/resource-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<ResourceRefusal, CommonRefusal>> = {
  taken: conflict(
    '该时段可用 {free}，需要 {asked}；已预订：{overlaps}。',
    'Only {free} of it can be had then, {asked} were asked for. Promised: {overlaps}.',
  ),
  promised: conflict('已有预订（{promised}），不能减少到其以下。', 'More than that is promised already: {promised}.'),
  'not-available': conflict('不在可提供的时间内（{from} 至 {to}）。', 'It is offered from {from} to {to} only.'),
  'nothing-to-change': conflict('没有要修改的内容。', 'There is nothing to change.'),
  'no-such-reservation': conflict('没有这项预订。', 'There is no such reservation.'),
  'reservation-differs': conflict('该编号已用于另一项预订。', 'This reservation was made for another time, quantity or purpose.'),
  'reservation-ended': conflict('该预订已结束（{end}）。', 'This reservation has ended before: {end}.'),
  'over-reservation': conflict('超出预订数量（{reserved}）。', 'Only {reserved} are reserved for this.'),
  'too-many-reservations': conflict(
    '预订已达 {max} 项，请先使用或退回一部分。',
    'There are {max} reservations already; some have to be used or freed first.',
  ),
  'no-such-purpose': conflict('没有这个项目或需求。', 'There is no such project or need.'),
  'purpose-ended': conflict('该项目或需求已结束。', 'That project or need has ended.'),
};

export const RESOURCE_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
