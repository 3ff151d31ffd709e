import { accept, type Context, type RulesContext } from '@qiyue/engine';
import type { Side } from '../need.commands';
import {
  isSameSchedule,
  moveCauseOf,
  nextStep,
  stepEventOf,
  stepId,
  type DeadlineClock,
  isAfter,
  type DeadlineStage,
  tablesOf,
  scheduleFor,
  sparing,
  type Schedule,
  type ScheduledStep,
} from '@qiyue/civic-domain';
import type { NeedDecision, Rule } from '../need.decision';
import type { Fact, NeedEvent } from '../need.events';
import { closing, returnUntil } from '../need.policy';
import { clockOf, matterOf, type At, type Born, type Done, type LedStage, type NeedState, type Submitted } from '../need.state';
import { EMERGENCIES_SINCE, MONEY_SINCE } from '../need.since';
import { basisUnder, movedBy } from './extension.rules';
import { delivered, reopened } from './verdict.rules';
import { calledWider } from './whistle.rules';

type Timed = At<DeadlineStage>;

/** What falls due next by itself: a step of the ladder, or the end of the time to answer a whistle. */
export const nextTick = (state: NeedState): { readonly at: string; readonly step: string } | null => {
  const clock = clockOf(state);
  const step = clock === null ? null : nextStep(clock);
  const rung = step && { at: step.at, step: stepId(step) };
  const answerBy = state.stage === 'submitted' ? (state.whistle?.answerBy ?? null) : null;
  if (answerBy === null) return rung;
  return rung !== null && !isAfter(rung.at, answerBy) ? rung : { at: answerBy, step: 'whistle' };
};

/** A timer that comes early, late or twice is not an error: only the step that is due now happens. */
export const tick: Rule<'tick', DeadlineStage> = ({ data }, state, context) => {
  const next = nextTick(state);
  if (next === null || next.step !== data.step || isAfter(next.at, context.now)) return accept();
  if (next.step === 'whistle') return accept<NeedEvent>(...calledWider(state, context));
  const clock = clockOf(state);
  const step = clock && nextStep(clock);
  return clock === null || step === null ? accept() : accept<NeedEvent>(...eventsOf(step, state, clock, context));
};

const eventsOf = (step: ScheduledStep, state: Timed, { schedule }: DeadlineClock, context: Context): readonly NeedEvent[] => {
  const event = stepEventOf(step, state.stage, schedule, context.now);
  if (event === null) return state.stage === 'done' ? lapsed(state, context) : [];
  return [event, ...(step.kind === 'missed' && isCalledByName(state) ? calledWider(state, context) : [])];
};

/** A claim that is late goes to all departments, unless they have been called already. */
const isCalledByName = (state: Timed): state is Submitted =>
  state.stage === 'submitted' && (state.whistle === null || state.whistle.reach === 'named');

/** Closed by the policy; one side's verdict still counts: not satisfied means done again. */
const lapsed = (state: Done, context: Context): readonly NeedEvent[] => {
  const { resident, community } = state.verdicts;
  const missing: readonly Side[] = [...(resident === null ? ['resident' as const] : []), ...(community === null ? ['community' as const] : [])];
  const isRefused = resident?.satisfied === false || community?.satisfied === false;
  const given: NeedEvent = {
    type: 'EvaluationLapsed',
    data: {
      missing,
      residentScore: resident?.score ?? null,
      communityScore: community?.score ?? null,
      ...(context.rules < MONEY_SINCE ? {} : { satisfied: !isRefused && missing.length < 2, ...delivered(state, context) }),
      ...closing(context),
    },
  };
  return isRefused ? [given, reopened(state, context, { cause: 'unsatisfied' })] : [given];
};

/** Another calendar or policy has come with the command, which makes nothing late that was not. Silence when it changes nothing for this need. */
export const retime: Rule<'retime', LedStage | 'submitted'> = (_, state, context) => {
  const tables = tablesOf(context);
  const timed = isTimed(state) ? state : null;
  const clock = clockOf(state);
  if (tables === null || timed === null || clock === null) return accept();
  const basis = basisUnder(clock, timed, context);
  const counted = scheduleFor(tables, basis);
  const anew = (): Schedule => scheduleFor(tables, { ...basis, from: context.now, pauses: [] });
  const deadline = context.rules < EMERGENCIES_SINCE ? counted : sparing(clock, { counted, anew, now: context.now });
  const window = timed.stage === 'claimed' ? returnUntil(context, clock.schedule.from) : undefined;
  const isSameWindow = timed.stage !== 'claimed' || window === timed.returnUntil;
  if (isSameSchedule(deadline, clock.schedule) && isSameWindow) return accept();
  return accept({
    type: 'DeadlineMoved',
    data: {
      stage: timed.stage,
      cause: moveCauseOf(clock.schedule, counted),
      ...movedBy(clock, deadline, timed, context),
      ...(window === undefined ? {} : { returnUntil: window }),
    },
  });
};

const isTimed = (state: NeedState): state is Timed =>
  state.stage === 'submitted' || state.stage === 'claimed' || state.stage === 'funded' || state.stage === 'done';

type Matter = Pick<Born, 'urgency' | 'category'>;

/** The deadline of a need on the list from now on, when another urgency or category gives it another one. */
export const restarted = (matter: Matter, state: Submitted, context: Context): Fact<'DeadlineMoved'> | null => {
  const tables = tablesOf(context);
  if (tables === null || state.clock === null || isSameMatter(matter, state)) return null;
  const deadline = scheduleFor(tables, { ...matterOf('submitted', matter), from: context.now });
  return { type: 'DeadlineMoved', data: { stage: 'submitted', cause: 'amended', ...movedBy(state.clock, deadline, state, context) } };
};

/**
 * The deadline that runs, of a need that is something else now: counted from its own beginning, and from now where that is over already, since whoever is
 * waited for learns of it only now. Null where it stays as it is.
 */
export const recounted = (state: Timed, context: Context): Fact<'DeadlineMoved'> | null => {
  const tables = tablesOf(context);
  const { clock } = state;
  if (tables === null || clock === null) return null;
  const basis = basisUnder(clock, state, context);
  const fromBeginning = scheduleFor(tables, basis);
  if (isSameSchedule(fromBeginning, clock.schedule)) return null;
  const isOver = fromBeginning.dueAt !== null && !isAfter(fromBeginning.dueAt, context.now);
  const deadline = isOver ? scheduleFor(tables, { ...basis, from: context.now, pauses: [] }) : fromBeginning;
  return { type: 'DeadlineMoved', data: { stage: state.stage, cause: 'amended', ...movedBy(clock, deadline, state, context) } };
};

/**
 * What was changed, with the deadline that moves for it: before it from rules 7 on, so that whoever is told of the change is told the deadline behind it.
 * Null: none moves.
 */
export const changedWith = (changed: NeedEvent, moved: Fact<'DeadlineMoved'> | null, { rules }: RulesContext): NeedDecision => {
  if (moved === null) return accept(changed);
  return rules < EMERGENCIES_SINCE ? accept<NeedEvent>(changed, moved) : accept<NeedEvent>(moved, changed);
};

const isSameMatter = (a: Matter, b: Matter): boolean => a.urgency === b.urgency && a.category === b.category;
