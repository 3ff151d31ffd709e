import { ROLES } from '@qiyue/platform';
import { resource } from '@qiyue/resource';
import type { Who } from '../test-tokens';
import type { KindOfAnswers } from './kind';

const span = { from: '2099-06-01', to: '2099-06-03' };
const reason = '送修';
const LENDER: Who = { actor: 'department-1', role: 'department', unit: '住建局' };
const USER: Who = { actor: 'community-1', role: 'community', unit: '民悦社区' };
const PEOPLE: readonly Who[] = [
  ...[LENDER, USER, { ...LENDER, unit: '水利局' }, { ...USER, unit: '涧东社区' }],
  ...ROLES.filter((role) => role !== 'department' && role !== 'community').map((role) => ({ actor: `${role}-1`, role, unit: '服务中心' })),
];
const BODIES: Readonly<Record<string, object>> = {
  change: { quantity: 3 },
  withdraw: { reason },
  reserve: span,
  use: { reservationId: 'r1' },
  free: { reservationId: 'r1' },
};
/** Under an id that is known here: those that edges take get one of their command. */
const reserved = { type: 'reserve', as: USER, data: { ...span, reservationId: 'r1' }, pastEdge: true } as const;
const withdrawn = { type: 'withdraw', as: LENDER };

export const resourceAnswers: KindOfAnswers = {
  aggregate: resource,
  places: { 'offered/free': 'standing', 'offered/reserved': 'standing', 'withdrawn/settling': 'standing', 'withdrawn/ended': 'standing' },
  sceneOf: () => ({
    starts: { as: LENDER, data: { kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台' } },
    people: PEOPLE,
    bodyOf: (type) => BODIES[type] ?? {},
    ways: {
      'offered/reserved': [reserved],
      'withdrawn/settling': [reserved, withdrawn],
      'withdrawn/ended': [withdrawn],
    },
  }),
};
