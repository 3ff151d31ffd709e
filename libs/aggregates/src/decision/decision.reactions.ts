import type { Fact, DecisionEventType } from '@qiyue/decision-domain';
import type { Reaction } from '@qiyue/engine';
import type { DecisionProgress } from '@qiyue/need-domain';
import { toNeedOf } from './decision.steps';

/** Where a need's decision is by its event. The confirmation has told it before, and tells it here what it knows. */
const PROGRESS_OF = {
  BallotClosed: 'passed',
  DecisionConfirmed: 'confirmed',
  DecisionFailed: 'failed',
  DecisionCancelled: 'cancelled',
  EmergencyConfirmed: 'emergency',
} as const satisfies Readonly<Partial<Record<DecisionEventType, DecisionProgress>>>;
type Telling = Fact<keyof typeof PROGRESS_OF>;

/** The need follows the decision that it waits for. */
export const DECISION_REACTIONS: readonly Reaction[] = [
  {
    name: 'tell-need',
    on: Object.keys(PROGRESS_OF),
    commands: (event, { entity: decisionId }) => {
      const { type, data } = event as unknown as Telling;
      if (type === 'BallotClosed' && data.outcome !== 'passed') return []; // the failure that comes with it tells
      return [toNeedOf(data.needId, 'note-decision', { decisionId, progress: PROGRESS_OF[type] })];
    },
  },
];
