import { accept, refuse, type Context } from '@qiyue/engine';
import {
  basisOf,
  isAfter,
  scheduleFor,
  stepsAgain,
  tablesOf,
  type Basis,
  type DeadlineClock,
  type DeadlineStage,
  type MovesDeadline,
  type Schedule,
} from '@qiyue/civic-domain';
import { invalidBody, type Rule } from '../need.decision';
import { rungsUnder } from '../need.policy';
import { EMERGENCIES_SINCE, MISTAKES_SINCE } from '../need.since';
import { clockOf, dueAtOf, isUndecided, matterOf, OWNERS, type At } from '../need.state';

type Held = 'claimed' | 'funded';
type Timed = At<DeadlineStage>;
const NO_DEADLINE = refuse('no-deadline');

/** 停钟: from now on nothing falls due. */
export const pause: Rule<'pause', Held> = ({ data }, state, context) => {
  if (state.clock === null) return NO_DEADLINE;
  if (state.clock.paused !== null) return refuse('already-paused');
  return accept({ type: 'ClockPaused', data: { stage: state.stage, pausedAt: context.now, ...data } });
};

/** The deadline moves by as long as the clock stood still. */
export const resume: Rule<'resume', Held> = ({ data }, state, context) => {
  const { clock } = state;
  if (clock === null || clock.paused === null) return refuse('not-paused');
  if (isHeldForOwners(clock, state)) return refuse('decision-open');
  const { since } = clock.paused;
  const moved = rescheduled({ ...clock, pauses: [...clock.pauses, { from: since, to: context.now }] }, state, context);
  if (moved === null) return NO_DEADLINE;
  return accept({ type: 'ClockResumed', data: { stage: state.stage, pausedAt: since, resumedAt: context.now, ...moved, ...data } });
};

const isHeldForOwners = ({ paused }: DeadlineClock, state: At<Held>): boolean => paused?.waitingFor === OWNERS && isUndecided(state);

/** Before the deadline (its last instant still counts), once per stage, at most as long as the policy allows. */
export const requestExtension: Rule<'request-extension', Held> = ({ data }, state, context) => {
  const tables = tablesOf(context);
  const dueAt = dueAtOf(state);
  const { clock } = state;
  if (tables === null || clock === null || dueAt === null) return NO_DEADLINE;
  if (clock.extension !== null) return refuse('already-extended');
  if (clock.paused === null && isAfter(context.now, dueAt)) return refuse('too-late', { until: dueAt });
  if (!Number.isSafeInteger(data.workingDays) || data.workingDays < 1) return invalidBody('workingDays');
  const max = tables.policy.extension.workingDaysMax;
  if (data.workingDays > max) return refuse('too-long', { max });
  return accept({ type: 'ExtensionRequested', data: { stage: state.stage, ...data } });
};

export const grant: Rule<'grant', Held> = ({ data }, state, context) => {
  const { clock } = state;
  if (clock?.extension?.state !== 'asked') return refuse('no-request');
  const { workingDays } = clock.extension;
  const moved = rescheduled({ ...clock, extension: { state: 'granted', workingDays } }, state, context);
  return moved === null ? NO_DEADLINE : accept({ type: 'ExtensionGranted', data: { stage: state.stage, workingDays, ...moved, ...data } });
};

export const deny: Rule<'deny', Held> = ({ data }, state) =>
  state.clock?.extension?.state === 'asked' ? accept({ type: 'ExtensionDenied', data: { stage: state.stage, ...data } }) : refuse('no-request');

type Rescheduled = Pick<MovesDeadline, 'oldDueAt' | 'dueAt' | 'deadline' | 'again'>;

/** Null without a calendar. A pause or an extension is added to the deadline as it stood, where the policy of today would have had less. */
export const rescheduled = (clock: DeadlineClock, state: Timed, context: Context): Rescheduled | null => {
  const tables = tablesOf(context);
  if (tables === null) return null;
  const basis = basisUnder(clock, state, context);
  const counted = scheduleFor(tables, basis);
  const stood = dueAtOf(state);
  if (context.rules < EMERGENCIES_SINCE || stood === null) return movedBy(clock, counted, state, context);
  const added = scheduleFor(tables, { ...basis, ...sinceThen(clock, state), endsAt: stood });
  const isLess = counted.dueAt !== null && added.dueAt !== null && isAfter(added.dueAt, counted.dueAt);
  return movedBy(clock, isLess ? added : counted, state, context);
};

/** What is added to the deadline as it stood: the pause that ends, or the extension that is granted. */
const sinceThen = ({ pauses, extension }: DeadlineClock, state: Timed): Pick<Basis, 'pauses' | 'extensionWorkingDays'> => {
  const before = clockOf(state);
  const isGranted = extension?.state === 'granted' && before?.extension?.state !== 'granted';
  return { pauses: pauses.slice(before?.pauses.length ?? 0), extensionWorkingDays: isGranted ? extension.workingDays : 0 };
};

/** What the running deadline follows from. Of before, pauses of before its window began were added to it again. */
export const basisUnder = (clock: DeadlineClock, state: Timed, context: Context): Basis => {
  const basis = { ...basisOf(clock, matterOf(state.stage, state)), ...rungsUnder(context) };
  if (context.rules < EMERGENCIES_SINCE) return basis;
  return { ...basis, pauses: clock.pauses.filter(({ to }) => isAfter(to, basis.from)) };
};

/** What another schedule makes of the running clock. Of before, a step that was taken did not come again. */
export const movedBy = (clock: DeadlineClock, deadline: Schedule, state: Timed, { rules, now }: Context): Rescheduled => {
  const again = rules < MISTAKES_SINCE ? [] : stepsAgain(clock, deadline, now);
  return { oldDueAt: dueAtOf(state), dueAt: deadline.dueAt, deadline, ...(again.length === 0 ? {} : { again }) };
};
