import type { DecisionState, Do } from '@qiyue/decision-domain';
import { isEntityId, refuse, type Saga } from '@qiyue/engine';
import { toNeedOf } from './decision.steps';

/** A decision is about a need that waits for it from then on: the need is asked before, and goes on should the decision refuse. */
export const openDecisionSaga: Saga<DecisionState, Do<'open'>> = {
  aggregate: 'decision',
  type: 'open',
  plan: ({ data: { needId } }, _, { entity: decisionId, actor }) =>
    isEntityId(needId)
      ? {
          before: [toNeedOf(needId, 'await-decision', { decisionId, community: actor.unit })],
          undo: [toNeedOf(needId, 'note-decision', { decisionId, progress: 'cancelled' })],
        }
      : refuse('no-such-need'),
  refusalOf: ({ refusal }) => {
    switch (refusal.code) {
      case 'not-found':
        return { code: 'no-such-need' };
      case 'other-community':
        return { code: 'not-permitted' };
      default:
        return refusal;
    }
  },
};

/** The need knows it before anybody is told that it is confirmed, so that whoever is told may begin with the works. */
export const confirmDecisionSaga: Saga<DecisionState, Do<'confirm'>> = {
  aggregate: 'decision',
  type: 'confirm',
  plan: (_, state, { entity: decisionId }) => {
    if (state.stage === 'nonexistent') return { before: [], undo: [] };
    const [progress, before] = state.stage === 'declared' ? (['emergency', 'open'] as const) : (['confirmed', 'passed'] as const);
    return {
      before: [toNeedOf(state.needId, 'note-decision', { decisionId, progress })],
      undo: [toNeedOf(state.needId, 'note-decision', { decisionId, progress: before })],
    };
  },
};
