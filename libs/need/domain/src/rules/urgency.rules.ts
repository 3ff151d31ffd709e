import { accept, refuse } from '@qiyue/engine';
import type { Rule } from '../need.decision';
import type { NeedEvent } from '../need.events';
import type { At, Born } from '../need.state';
import { recounted } from './clock.rules';

/** Whether an office stands behind the emergency: a community's own call is a word already. */
export const isConfirmed = ({ author, urgencyConfirmed }: Pick<Born, 'author' | 'urgencyConfirmed'>): boolean =>
  author.role === 'community' || urgencyConfirmed === true;

/** Confirmed, the deadline in hours stays; lowered, it is the policy's for what it is, counted from the same beginning. Until then it runs as it was called. */
export const confirmUrgency: Rule<'confirm-urgency', 'submitted' | 'claimed' | 'funded'> = ({ data: { urgency: to, reason } }, state, context) => {
  if (state.urgency !== 'emergency') return refuse('no-emergency');
  if (isConfirmed(state)) return refuse('already-confirmed');
  const confirmed: NeedEvent = { type: 'UrgencyConfirmed', data: { from: state.urgency, to, ...(reason === undefined ? {} : { reason }) } };
  const moved = to === state.urgency ? null : recounted({ ...state, urgency: to } as At<'submitted' | 'claimed' | 'funded'>, context);
  return accept<NeedEvent>(confirmed, ...(moved === null ? [] : [moved]));
};
