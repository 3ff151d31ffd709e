import { accept, refuse, type Context } from '@qiyue/engine';
import type { DeadlineStage, Schedule } from '@qiyue/civic-domain';
import type { NeedDecision, Rule } from '../need.decision';
import type { Fact, NeedEvent } from '../need.events';
import { DECISIONS_SINCE } from '../need.since';
import { clockOf, isUndecided, OWNERS, type At, type LedStage, type NeedStage, type NeedState } from '../need.state';
import { rescheduled } from './extension.rules';

type Live = LedStage | 'submitted';

/** One at a time: another is asked for when the one before has failed or was cancelled. */
export const awaitDecision: Rule<'await-decision', 'submitted' | 'claimed'> = ({ data: { decisionId, community } }, state, context) => {
  const { decision } = state;
  if (community !== state.community) return refuse('other-community');
  if (decision?.decisionId === decisionId) return accept();
  if (isUndecided(state)) return refuse('decision-open');
  return accept<NeedEvent>({ type: 'DecisionAwaited', data: { decisionId } }, ...stoodStill(state, context));
};

/** What became of it. Of another decision than the one that it waits for, or behind its end, it wants to know nothing. */
export const noteDecision: Rule<'note-decision', NeedStage> = ({ data: { decisionId, progress } }, state, context) => {
  const { decision } = state;
  if (state.status === 'ended' || state.status === 'closed' || decision?.decisionId !== decisionId || decision.progress === progress) return accept();
  const noted: NeedEvent = { type: 'DecisionNoted', data: { decisionId, progress } };
  const [was, is] = [isUndecided(state), isUndecided({ decision: { decisionId, progress } })];
  return accept<NeedEvent>(noted, ...(was === is ? [] : is ? stoodStill(state, context) : goneOn(state, context)));
};

const stoodStill = (state: At<Live>, { now }: Context): readonly NeedEvent[] => {
  const clock = clockOf(state);
  return clock === null || clock.paused !== null || !isTimed(state) ? [] : [paused(state.stage, now)];
};

const paused = (stage: DeadlineStage, now: string): Fact<'ClockPaused'> => ({
  type: 'ClockPaused',
  data: { stage, pausedAt: now, waitingFor: OWNERS },
});

/** What a community has stopped for another reason stays so. */
const goneOn = (state: At<Live>, context: Context): readonly NeedEvent[] => {
  const clock = clockOf(state);
  if (clock?.paused?.waitingFor !== OWNERS || !isTimed(state)) return [];
  const { since } = clock.paused;
  const moved = rescheduled({ ...clock, pauses: [...clock.pauses, { from: since, to: context.now }] }, state, context);
  return moved === null ? [] : [{ type: 'ClockResumed', data: { stage: state.stage, pausedAt: since, resumedAt: context.now, ...moved } }];
};

const isTimed = (state: NeedState): state is At<DeadlineStage> => state.stage === 'submitted' || 'clock' in state;

/** Stages that begin while the owners are asked begin with a clock that stands still. */
const BEGINS: Readonly<Partial<Record<NeedEvent['type'], DeadlineStage>>> = {
  NeedClaimed: 'claimed',
  ClaimReturned: 'submitted',
  NeedFunded: 'funded',
  WorksCancelled: 'claimed',
};

export const whileUndecided = (decision: NeedDecision, state: NeedState, { rules, now }: Context): NeedDecision => {
  if (!decision.ok || rules < DECISIONS_SINCE || !('community' in state) || !isUndecided(state)) return decision;
  return accept<NeedEvent>(
    ...decision.events.flatMap((event) => {
      const stage = BEGINS[event.type];
      const deadline: Schedule | undefined = 'deadline' in event.data ? event.data.deadline : undefined;
      return stage === undefined || deadline === undefined ? [event] : [event, paused(stage, now)];
    }),
  );
};

/** For the commands that would take away what the owners are asked about, or begin with it. */
export const undecidedRefusal = (state: At<Live>, { rules }: Context): NeedDecision | null =>
  rules >= DECISIONS_SINCE && isUndecided(state) ? refuse('decision-open') : null;

export const tooEarly = (state: At<Live>, { rules }: Context): NeedDecision | null =>
  rules >= DECISIONS_SINCE && isUndecided(state) ? refuse('works-too-early') : null;
