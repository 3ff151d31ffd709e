import { accept, refuse } from '@qiyue/engine';
import { wrongStage, type Rule } from '../need.decision';
import type { DeadlineStage } from '@qiyue/civic-domain';

/** A named helper accepts, once per claim: whom another department names has not agreed to anything yet. */
export const join: Rule<'join', 'claimed' | 'funded' | 'done'> = (command, state, { actor }) => {
  if (actor.unit === null) return wrongStage(command, state);
  if (state.joined?.includes(actor.unit) === true) return refuse('already-joined');
  return accept({ type: 'HelperJoined', data: { unit: actor.unit, ...command.data } });
};

/** The author agrees that a unit gets the contact, before both have signed or without. */
export const shareContact: Rule<'share-contact', DeadlineStage> = ({ data: { unit } }, state) => {
  if (state.contactSharedWith?.includes(unit) === true) return refuse('already-shared');
  return accept({ type: 'ContactShared', data: { unit } });
};
