import type { Actor, CommandEnvelope } from '@qiyue/engine';

export interface Step {
  readonly type: string;
  readonly data: CommandEnvelope['data'];
  readonly actor: Actor;
}

const COMMUNITY = '民悦社区';
const UNIT = '稷山县政府办';
const GRID: Actor = { id: 'grid-1', role: 'grid', unit: COMMUNITY };
const STAFF: Actor = { id: 'community-1', role: 'community', unit: COMMUNITY };
const DEPARTMENT: Actor = { id: 'office-1', role: 'department', unit: UNIT };

/** Commands of a need from the list to the evaluation: eleven, giving twelve records. */
export const needLife = (): readonly Step[] => [
  {
    type: 'submit',
    actor: GRID,
    data: { title: '安装太阳能路灯', kind: 'tangible', items: [{ name: '太阳能路灯', quantity: 20, unit: '个' }], community: COMMUNITY },
  },
  { type: 'inspect', actor: STAFF, data: { notes: '现场核实，情况属实' } },
  { type: 'claim', actor: DEPARTMENT, data: { unit: UNIT, plan: '招标采购' } },
  { type: 'fund', actor: DEPARTMENT, data: { amountFen: 3_000_000, source: 'department', reference: '2024-07' } },
  { type: 'start', actor: DEPARTMENT, data: {} },
  { type: 'progress', actor: DEPARTMENT, data: { note: '材料到场' } },
  { type: 'progress', actor: DEPARTMENT, data: { note: '安装过半' } },
  { type: 'complete', actor: DEPARTMENT, data: { evidence: [{ kind: 'note', text: '已完工' }] } },
  { type: 'accept', actor: STAFF, data: {} },
  { type: 'evaluate', actor: GRID, data: { side: 'resident', score: 5, satisfied: true } },
  { type: 'evaluate', actor: STAFF, data: { side: 'community', score: 5, satisfied: true } },
];
