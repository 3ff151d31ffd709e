import type { Do, PublicNeedCommandType } from '@qiyue/need-domain';

/** A body for each command, as its documentation shows it. */
export const COMMAND_EXAMPLES: { readonly [T in PublicNeedCommandType]: Do<T>['data'] } = {
  submit: {
    title: '幸福里小区3号楼加装扶手',
    description: '楼梯无扶手，老人上下不便',
    kind: 'tangible',
    category: '适老化改造',
    urgency: 'normal',
    items: [{ name: '扶手', quantity: 12, unit: '米' }],
    community: '幸福社区',
    compound: '幸福里小区',
    location: { lat: 30.5, lng: 114.3 },
    scope: 'common',
  },
  amend: { items: [{ name: '扶手', quantity: 18, unit: '米' }] },
  withdraw: { reason: '已自行解决' },
  reject: { reason: '不属于本社区' },
  merge: { into: '0123456789abcdefghjkmnpqrs' },
  inspect: { notes: '现场核实，情况属实' },
  claim: { unit: '住建局', plan: '两周内完成安装', promisedBy: '2026-12-15', helpers: ['民政局'] },
  return: { reason: '不在职责范围内' },
  fund: { amountFen: 860_000, source: 'department', reference: '住建2026-118' },
  start: { note: '材料进场' },
  progress: { note: '已完成一半' },
  complete: { evidence: [{ kind: 'photo', url: 'https://files.example.org/handrail.jpg' }] },
  accept: { note: '验收合格' },
  'refuse-works': { reason: '二层扶手松动' },
  evaluate: { side: 'resident', score: 5, satisfied: true, comment: '很满意' },
  reopen: { reason: '一个月后再次松动' },
};
