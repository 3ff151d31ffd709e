import type { Fact, DecisionEventType } from '@qiyue/decision-domain';
import type { Reaction } from '@qiyue/engine';
import type { DecisionProgress } from '@qiyue/need-domain';
import { toNeedOf } from './decision.steps';

/** Where a need's decision is by its event. The confirmation has told it before, and tells it here what it knows. */
const PROGRESS_OF: Readonly<Partial<Record<DecisionEventType, DecisionProgress>>> = {
  DecisionConfirmed: 'confirmed',
  DecisionFailed: 'failed',
  DecisionCancelled: 'cancelled',
  EmergencyConfirmed: 'emergency',
};
type Telling = Fact<'BallotClosed' | 'DecisionConfirmed' | 'DecisionFailed' | 'DecisionCancelled' | 'EmergencyConfirmed'>;

/** The need follows the decision that it waits for. */
export const DECISION_REACTIONS: readonly Reaction[] = [
  {
    name: 'tell-need',
    on: ['BallotClosed', ...Object.keys(PROGRESS_OF)],
    commands: (event, { entity: decisionId }) => {
      const { type, data } = event as unknown as Telling;
      const progress = type === 'BallotClosed' ? (data.outcome === 'passed' ? 'passed' : 'failed') : PROGRESS_OF[type];
      return progress === undefined ? [] : [toNeedOf(data.needId, 'note-decision', { decisionId, progress })];
    },
  },
];
