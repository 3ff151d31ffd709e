import type { Do, PublicDecisionCommandType } from '@qiyue/decision-domain';

const plan = {
  parts: ['roof'],
  works: '3号楼2单元屋面防水层铲除重做',
  budgetFen: 3_600_000,
  warrantyEndedOn: '2015-06-30',
  from: '2026-09-01',
  to: '2026-09-20',
  contractor: '临猗县某防水工程有限公司',
};

/** A body for each command, as its documentation shows it. */
export const COMMAND_EXAMPLES: { readonly [T in PublicDecisionCommandType]: Do<T>['data'] } = {
  open: {
    needId: '0123456789abcdefghjkmnpqrs',
    matter: 'use-fund',
    roster: [
      { room: '3-2-101', areaCm2: 985_000, owner: 'owner-101' },
      { room: '3-2-102', areaCm2: 1_120_000, owner: 'owner-102' },
      { room: '3-2-201', areaCm2: 985_000, owner: null },
    ],
    plan,
  },
  'hold-council': { notes: '商议屋面维修方案，多数住户同意', attended: 9 },
  visit: { room: '3-2-101', stance: 'objects', notes: '一层住户认为与己无关' },
  object: { room: '3-2-101', reason: '屋面漏水不影响一层，不应分摊' },
  mediate: { room: '3-2-101', round: 1, notes: '讲解民法典第二百七十三条', outcome: 'unsettled' },
  'revise-plan': { plan: { ...plan, budgetFen: 3_200_000 }, reason: '比价后降低预算' },
  'open-ballot': { closesAt: '2026-08-15T18:00:00.000+08:00', channels: ['paper', 'online'] },
  vote: { room: '3-2-102', choice: 'agree', channel: 'paper' },
  'close-ballot': {},
  sign: { room: '3-2-102' },
  'post-notice': { days: 7, place: '3号楼2单元门口公示栏' },
  challenge: { reason: '公示的分摊金额与面积不符' },
  settle: { challengeId: 'c1', upheld: false, reason: '经复核，分摊金额无误' },
  confirm: { reference: '临房维备〔2026〕18号' },
  cancel: { reason: '业主改为自筹' },
  'declare-emergency': { basis: '屋面严重渗漏，危及用电安全', evidence: [{ kind: 'report', text: '应急检测报告' }] },
  draw: { amountFen: 900_000, reference: '首期工程款' },
  repay: { amountFen: 50_000, reference: '退回多拨工程款' },
  'audit-account': { reference: '审字〔2026〕7号' },
};
