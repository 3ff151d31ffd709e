import type { Texts } from '@qiyue/civic-domain';
import type { NeedStage, NeedStatus } from '@qiyue/need-domain';

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

/** The same of what it is in finer words. */
export const NEED_STATUS_TEXTS: Readonly<Record<NeedStatus, Texts>> = {
  waiting: { 'zh-CN': '等待认领', en: 'waits for a claim' },
  inspected: { 'zh-CN': '已现场核实', en: 'inspected on site' },
  planned: { 'zh-CN': '已有实施计划', en: 'there is a plan' },
  reopened: { 'zh-CN': '重新办理', en: 'reopened' },
  'waiting-to-start': { 'zh-CN': '等待开工', en: 'waits for the works to start' },
  working: { 'zh-CN': '施工中', en: 'works under way' },
  'at-acceptance': { 'zh-CN': '等待验收', en: 'waits for acceptance' },
  reworking: { 'zh-CN': '整改中', en: 'being mended' },
  'awaiting-evaluations': { 'zh-CN': '等待双方评价', en: 'waits for both evaluations' },
  'one-side-evaluated': { 'zh-CN': '一方已评价', en: 'one side has evaluated' },
  'both-sides-evaluated': { 'zh-CN': '双方已评价', en: 'both sides have evaluated' },
  'open-to-reopen': { 'zh-CN': '可要求重新办理', en: 'can be reopened' },
  closed: { 'zh-CN': '已办结', en: 'closed' },
  ended: { 'zh-CN': '已终止', en: 'ended' },
};
