import { BUREAU, NEED_BODY, PEOPLE, type Who } from '@qiyue/testkit';

export interface Step {
  readonly command: string;
  readonly as: Who;
  readonly body: object;
  /** Types of the events that it gives. */
  readonly gives: readonly string[];
}

const { resident, community, department } = PEOPLE;

const step = (command: string, as: Who, body: object, ...gives: readonly string[]): Step => ({ command, as, body, gives });

/** A need's way through the five stages: nine commands and ten events, and `progressReports` more of each. */
export const needPlan = (progressReports = 0): readonly Step[] => [
  step('submit', resident, NEED_BODY, 'NeedSubmitted'),
  step('inspect', community, { notes: '现场核实，情况属实' }, 'NeedInspected'),
  step('claim', department, { unit: BUREAU, plan: '两周内完工' }, 'NeedClaimed'),
  step('fund', department, { amountFen: 860_000, source: 'department', reference: '2024-07' }, 'NeedFunded'),
  step('start', department, {}, 'WorksStarted'),
  ...Array.from({ length: progressReports }, (_, i) => step('progress', department, { note: `第 ${i + 1} 次进度` }, 'ProgressReported')),
  step('complete', department, { evidence: [{ kind: 'note', text: '已完工' }] }, 'WorksReported'),
  step('accept', community, {}, 'NeedDone'),
  step('evaluate', resident, { side: 'resident', score: 5, satisfied: true }, 'ResidentEvaluated'),
  step('evaluate', community, { side: 'community', score: 5, satisfied: true }, 'CommunityEvaluated', 'NeedEvaluated'),
];
