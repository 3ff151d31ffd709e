import type { Do, PublicContractCommandType } from '@qiyue/contract-domain';

/** A body for each command, as its documentation shows it. */
export const COMMAND_EXAMPLES: { readonly [T in PublicContractCommandType]: Do<T>['data'] } = {
  propose: {
    ...{ unit: '住建局', community: '民悦社区', year: 2026 },
    items: [
      { title: '泽强苑小区安装太阳能路灯', kind: 'tangible', quantity: 20, unit: '盏', dueOn: '2026-09-30' },
      { title: '消防安全讲座', kind: 'service', quantity: 4, unit: '场' },
    ],
    duties: {
      community: ['提供场地，组织居民参加', '每季度通报一次居民需求'],
      unit: ['安排专人联系社区', '党员干部到社区报到，参加志愿服务'],
    },
    ...{ startsOn: '2026-01-01', endsOn: '2026-12-31' },
  },
  sign: {},
  withdraw: { reason: '与其他单位的契约重复' },
  amend: {
    items: [
      { itemId: 'i1', title: '泽强苑小区安装太阳能路灯', kind: 'tangible', quantity: 24, unit: '盏', dueOn: '2026-10-31' },
      { itemId: 'i2', title: '消防安全讲座', kind: 'service', quantity: 4, unit: '场' },
      { title: '修建非机动车车棚', kind: 'tangible', quantity: 1, unit: '处' },
    ],
    reason: '居民要求增加',
  },
  'agree-amendment': {},
  'decline-amendment': { reason: '年度资金已安排完毕' },
  'finish-item': { itemId: 'i1' },
  evaluate: { side: 'community', score: 5, itemId: 'i1', comment: '路灯亮度好，居民满意' },
  terminate: { reason: '单位职能调整' },
};
