import { isAfter, movedTo, nextStep, scheduleAt, stepId, stepTaken, tablesOf, retimedTo } from '@qiyue/civic-domain';
import { accept, type Due } from '@qiyue/engine';
import type { ProjectCommand } from '../project.commands';
import type { Rule } from '../project.decision';
import type { ProjectEvent } from '../project.events';
import { isAtRest, type Project, type ProjectState, type RunningDeadline } from '../project.state';

const SPARING_SINCE = 2;

/** A step as the timer's command names it: that of which deadline. */
const stepOf = (name: string, step: string): string => `${name}/${step}`;

/** Only instants that an event fixed: a timer months later needs neither calendar nor policy. */
export const nextDue = (state: ProjectState): Due<ProjectCommand> | null => {
  if (state.stage === 'nonexistent') return null;
  if (state.stage === 'finished') return closing(state);
  return state.deadlines.map(dueOf).reduce((first, due) => (first === null || (due !== null && isAfter(first.at, due.at)) ? due : first), null);
};

const closing = (state: Project): Due<ProjectCommand> | null =>
  state.closesAt === null || state.isClosed || !isAtRest(state) ? null : { at: state.closesAt, command: { type: 'close', data: {} } };

const dueOf = ({ name, clock }: RunningDeadline): Due<ProjectCommand> | null => {
  const step = nextStep(clock);
  return step === null ? null : { at: step.at, command: { type: 'tick', data: { step: stepOf(name, stepId(step)) } } };
};

/** A timer that comes early, late or twice is not an error: only the step that is due now happens. */
export const tick: Rule<'tick'> = ({ data }, { deadlines }, { now }) => {
  const name = data.step.split('/')[0] ?? '';
  const clock = deadlines.find((one) => one.name === name)?.clock;
  const event = clock === undefined ? null : stepTaken(clock, name, data.step.slice(stepOf(name, '').length), now);
  return event === null ? accept() : accept(event as ProjectEvent);
};

export const close: Rule<'close'> = (_, state, { now }) =>
  state.closesAt === null || state.isClosed || !isAtRest(state) || isAfter(state.closesAt, now)
    ? accept()
    : accept({ type: 'ProjectClosed', data: {} });

/** Another calendar or policy has come with the command. Silence where it changes nothing, and once nothing is waited for. */
export const retime: Rule<'retime'> = (_, { deadlines }, context) => {
  const tables = tablesOf(context);
  if (tables === null) return accept();
  const moved = deadlines.map(({ name, day, clock }) => {
    const scheduleFrom = (from: string) => scheduleAt(tables, from, day) ?? clock.schedule;
    return movedTo(clock, name, retimedTo(clock, context, { since: SPARING_SINCE, scheduleFrom }));
  });
  return accept(...(moved.filter((event) => event !== null) as readonly ProjectEvent[]));
};
