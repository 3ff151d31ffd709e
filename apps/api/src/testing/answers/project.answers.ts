import { ROLES } from '@qiyue/platform';
import { project } from '@qiyue/project';
import type { Who } from '../test-tokens';
import type { KindOfAnswers } from './kind';

const NOBODYS = '0123456789abcdefghjkmnpqrs';
const reason = '纳入市政改造';
const LEAD: Who = { actor: 'department-1', role: 'department', unit: '住建局' };
const COMMUNITY: Who = { actor: 'community-1', role: 'community', unit: '民悦社区' };
const PEOPLE: readonly Who[] = [
  ...[LEAD, COMMUNITY, { ...LEAD, unit: '水利局' }, { ...COMMUNITY, unit: '涧东社区' }],
  ...ROLES.filter((role) => role !== 'department' && role !== 'community').map((role) => ({ actor: `${role}-1`, role, unit: '服务中心' })),
];
const BODIES: Readonly<Record<string, object>> = {
  'add-need': { needId: NOBODYS },
  'add-resource': { resourceId: NOBODYS, from: '2099-06-01', to: '2099-06-03' },
  milestone: { title: '基础', dueOn: '2099-07-15' },
  cancel: { reason },
};
const BY_SAGA: Readonly<Record<string, string>> = { 'add-need': 'no-such-need', 'add-resource': 'no-such-resource' };
const needAt = (stage: string) => ({ type: 'need-moved', data: { needId: 'n1', stage } });

export const projectAnswers: KindOfAnswers = {
  aggregate: project,
  places: {
    'planned/planning': 'standing',
    'under-way/at-work': 'standing',
    'finished/settling': 'standing',
    'finished/ended': 'months',
    'cancelled/ended': 'standing',
  },
  sceneOf: () => ({
    starts: { as: LEAD, data: { title: '路灯', unit: LEAD.unit, community: COMMUNITY.unit, endsOn: '2099-09-30' } },
    people: PEOPLE,
    bodyOf: (type) => BODIES[type] ?? {},
    ways: {
      'under-way/at-work': [needAt('started')],
      'finished/settling': [needAt('evaluated')],
      'finished/ended': [needAt('evaluated'), { until: 'finished/ended' }],
      'cancelled/ended': [{ type: 'cancel', as: LEAD }],
    },
  }),
  bySaga: (type) => BY_SAGA[type],
};
