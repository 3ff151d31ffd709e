import { refuse, type Actor } from '@qiyue/engine';
import type { NeedDecision, Rule } from '../need.decision';
import type { Urgency } from '@qiyue/civic-domain';
import type { NeedEvent } from '../need.events';
import type { At, Born } from '../need.state';
import { changedWith, recounted } from './clock.rules';

/** Whether an office stands behind the emergency: a community's own call is a word already. */
export const isConfirmed = ({ author, urgencyConfirmed }: Pick<Born, 'author' | 'urgencyConfirmed'>): boolean =>
  author.role === 'community' || urgencyConfirmed === true;

/**
 * Confirmed, the deadline in hours stays; lowered, it is the policy's for what it is, counted from the same beginning. Until then it runs as it was called. An
 * office's no can be taken back by an office.
 */
export const confirmUrgency: Rule<'confirm-urgency', 'submitted' | 'claimed' | 'funded'> = ({ data: { urgency: to, reason } }, state, context) => {
  const refused = state.urgency === 'emergency' ? unlessConfirmed(state) : unlessTakenBack(to, state, context.actor);
  if (refused !== null) return refused;
  const confirmed: NeedEvent = { type: 'UrgencyConfirmed', data: { from: state.urgency, to, ...(reason === undefined ? {} : { reason }) } };
  const moved = to === state.urgency ? null : recounted({ ...state, urgency: to } as At<'submitted' | 'claimed' | 'funded'>, context);
  return changedWith(confirmed, moved, context);
};

const unlessConfirmed = (state: Born): NeedDecision | null => (isConfirmed(state) ? refuse('already-confirmed') : null);

/** A community that wrote the need itself is its author: the centre's no stands against it, too. */
const unlessTakenBack = (to: Urgency, { urgencyDenied, author }: Born, { role }: Actor): NeedDecision | null => {
  if (urgencyDenied !== true || to !== 'emergency') return refuse('no-emergency');
  return role === 'community' && author.role === 'community' ? refuse('urgency-settled') : null;
};
