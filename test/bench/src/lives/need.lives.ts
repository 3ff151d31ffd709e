import type { Actor } from '@qiyue/engine';
import { FLUSH, refused, until, type Given, type Lives } from './life';

/** Without a holiday near: its ladder takes 25 days. */
const FACTOR = 300_000;
const COMMUNITY = '民悦社区';
const UNIT = '稷山县政府办';
const GRID: Actor = { id: 'grid-1', role: 'grid', unit: COMMUNITY };
const STAFF: Actor = { id: 'staff-1', role: 'community', unit: COMMUNITY };
const OFFICE: Actor = { id: 'office-1', role: 'department', unit: UNIT };

const starts: Given = [
  GRID,
  'submit',
  { title: '路灯', kind: 'tangible', items: [{ name: '路灯', quantity: 20, unit: '个' }], community: COMMUNITY },
];
const CLAIM: Given = [OFFICE, 'claim', { unit: UNIT, plan: '采购安装' }];
const AGAIN = refused(CLAIM);
const FUND: Given = [OFFICE, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' }];
const START: Given = [OFFICE, 'start', {}];
const PROGRESS: Given = [OFFICE, 'progress', { note: '过半' }];
const COMPLETE: Given = [OFFICE, 'complete', { evidence: [{ kind: 'note', text: '完工' }] }];
const ACCEPT: Given = [STAFF, 'accept', {}];
const evaluate = (actor: Actor, side: string, satisfied: boolean): Given => [actor, 'evaluate', { side, score: satisfied ? 5 : 2, satisfied }];

/**
 * Lives that together pass every step of the shell: refusals, a reopening, the end, flushes between commands, timers that fired, were unset and
 * wait, and a second run that decides.
 */
export const NEED_LIVES: Lives = {
  'done-again': {
    starts,
    steps: [
      ...[CLAIM, AGAIN, FUND, START, COMPLETE, ACCEPT],
      ...[evaluate(GRID, 'resident', false), evaluate(STAFF, 'community', true), FLUSH],
      ...[FUND, START, COMPLETE, ACCEPT, evaluate(GRID, 'resident', true), evaluate(STAFF, 'community', true)],
    ],
  },
  'flushed-between': { starts, factor: 1, steps: [FLUSH, CLAIM, FLUSH, AGAIN, FLUSH, FUND, AGAIN, START, FLUSH, PROGRESS, FLUSH] },
  late: { starts, factor: FACTOR, steps: [until(3), CLAIM, until(6), FLUSH] },
  withdrawn: { starts, steps: [[GRID, 'withdraw', { reason: '已自行解决' }], FLUSH] },
  'continued-as-new': { starts, factor: 1, continueAfterUpdates: 4, steps: [CLAIM, AGAIN, FUND, START, PROGRESS, COMPLETE, FLUSH] },
};
