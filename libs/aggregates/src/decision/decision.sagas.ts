import type { DecisionState, Do } from '@qiyue/decision-domain';
import { isEntityId, refuse, type Saga } from '@qiyue/engine';
import { toDecision, toNeedOf } from './decision.steps';

/**
 * A decision is about a need that waits for it from then on: the need is asked before, and goes on should the decision refuse. The failed one that it takes up
 * again, if it names one, is asked first.
 */
export const openDecisionSaga: Saga<DecisionState, Do<'open'>> = {
  aggregate: 'decision',
  type: 'open',
  plan: ({ data: { needId, previous } }, _, { entity: decisionId, actor }) => {
    if (!isEntityId(needId)) return refuse('no-such-need');
    if (previous !== undefined && !isEntityId(previous)) return refuse('no-such-previous');
    const asked = previous === undefined ? [] : [toDecision(previous, 'take-up', { needId, community: actor.unit ?? '' })];
    return {
      before: [...asked, toNeedOf(needId, 'await-decision', { decisionId, community: actor.unit })],
      undo: [...asked.map(() => null), toNeedOf(needId, 'note-decision', { decisionId, progress: 'cancelled' })],
    };
  },
  refusalOf: ({ refusal }, step) => {
    switch (refusal.code) {
      case 'not-found':
        return { code: step?.aggregate === 'decision' ? 'no-such-previous' : 'no-such-need' };
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
