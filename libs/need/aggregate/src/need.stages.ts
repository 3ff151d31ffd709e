import type { Texts } from '@qiyue/civic-domain';
import type { NeedStage } from '@qiyue/need-domain';

/** What each stage is called, where people read of it. */
export const NEED_STAGE_TEXTS: Readonly<Record<NeedStage, Texts>> = {
  submitted: { 'zh-CN': '待认领', en: 'waiting to be claimed' },
  claimed: { 'zh-CN': '已认领', en: 'claimed' },
  funded: { 'zh-CN': '资金已到位', en: 'funded' },
  done: { 'zh-CN': '已验收，待评价', en: 'done' },
  evaluated: { 'zh-CN': '已评价', en: 'evaluated' },
  rejected: { 'zh-CN': '不予受理', en: 'rejected' },
  withdrawn: { 'zh-CN': '已撤回', en: 'withdrawn' },
  merged: { 'zh-CN': '已并入他项', en: 'merged' },
};
