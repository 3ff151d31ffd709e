import { refuse, type Context } from '@qiyue/engine';
import type { DeadlineStage } from '@qiyue/civic-domain';
import type { Correction, Do } from '../need.commands';
import { wrongStage, type NeedDecision, type Rule } from '../need.decision';
import type { NeedEvent, WasRecorded } from '../need.events';
import { evolve } from '../need.evolve';
import { promiseRefusal } from '../need.policy';
import type { At } from '../need.state';
import { changedWith, recounted } from './clock.rules';
import { undecidedRefusal } from './decision.rules';

type Timed = At<DeadlineStage>;
type Known = keyof WasRecorded;

/**
 * What was put down wrong, put right by the centre, with what stood there: what is as it should be is left out. Dates and urgency only while the works are not
 * done, since nothing is waited for by them later. The deadline that runs follows.
 */
export const correct: Rule<'correct', DeadlineStage> = (command, state, context) => {
  const { reason, ...wished } = command.data;
  const was = recordedIn(state);
  const right = Object.fromEntries(Object.entries(wished).filter(([name, value]) => was[name as Known] !== value)) as Correction;
  const names = Object.keys(right);
  if (names.length === 0) return refuse('nothing-to-amend');
  const refused = unfit(command, right, state, context);
  if (refused !== null) return refused;
  const known = Object.fromEntries(Object.entries(was).filter(([name]) => names.includes(name)));
  const corrected: NeedEvent = { type: 'NeedCorrected', data: { ...right, reason, was: known } };
  const moved = recounted(evolve(state, corrected, context) as Timed, context);
  return changedWith(corrected, moved, context);
};

const unfit = (command: Do<'correct'>, { promisedBy, urgency, community }: Correction, state: Timed, context: Context): NeedDecision | null => {
  if (promisedBy !== undefined && state.stage !== 'claimed' && state.stage !== 'funded') return wrongStage(command, state);
  if (urgency !== undefined && state.stage === 'done') return wrongStage(command, state);
  if (community !== undefined && state.stage !== 'done') {
    const undecided = undecidedRefusal(state, context);
    if (undecided !== null) return undecided;
  }
  return promisedBy === undefined ? null : promiseRefusal(promisedBy, context);
};

/** What the rules know of what can be corrected. */
const recordedIn = (state: Timed): WasRecorded => {
  const { community, category, urgency, kind } = state;
  const promisedBy = state.stage === 'claimed' ? state.promisedBy : state.stage === 'funded' ? (state.clock?.promisedBy ?? null) : null;
  return { promisedBy, community, category, urgency, ...(kind === undefined ? {} : { kind }) };
};
