import type { Do, PublicUnitYearCommandType } from '@qiyue/unit-year-domain';

/** A body for each command, as its documentation shows it. */
export const COMMAND_EXAMPLES: { readonly [T in PublicUnitYearCommandType]: Do<T>['data'] } = {
  open: { unit: '住建局', year: 2026 },
  'set-budget': { amountFen: 50_000_000, reference: '稷财预〔2026〕12号' },
  'adjust-budget': { deltaFen: 5_000_000, reason: '追加老旧小区改造资金' },
  pledge: {
    kind: 'tangible',
    title: '泽强苑小区安装20盏太阳能路灯',
    description: '主干道和东侧停车区，质保三年',
    community: '民悦社区',
    targetBy: '2026-09-30',
  },
  'amend-pledge': { pledgeId: 'p1', targetBy: '2026-10-31' },
  'withdraw-pledge': { pledgeId: 'p1', reason: '已由其他单位实施' },
  publish: {},
  link: { pledgeId: 'p1', needId: '0123456789abcdefghjkmnpqrs' },
  unlink: { pledgeId: 'p1' },
  contest: { pledgeId: 'p1', reason: '发放宣传单不属于实事' },
  settle: { pledgeId: 'p1', upheld: true, reason: '经核实，异议成立' },
  'carry-over': { pledgeId: 'p1', reason: '冬季无法施工，结转下一年度' },
  close: {},
};
