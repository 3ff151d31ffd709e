import type { Actor } from '@qiyue/engine';
import { DEPARTMENT as OFFICE, GRID, LAMPS, STAFF, UNIT } from '../needs';
import { FLUSH, refused, until, type Given, type Lives } from './life';

/** Without a holiday near: its ladder takes 25 days. */
const FACTOR = 300_000;

const starts: Given = [GRID, 'submit', LAMPS];
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
