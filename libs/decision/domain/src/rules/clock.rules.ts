import { isAfter, movedTo, nextStep, stepId, stepTaken, tablesOf, retimedTo } from '@qiyue/civic-domain';
import { accept, type Due } from '@qiyue/engine';
import type { DecisionCommand } from '../decision.commands';
import { TIMED_STAGES, type DecisionEvent, type Fact, type TimedStage } from '../decision.events';
import type { Rule } from '../decision.ruling';
import { isAt, type At, type DecisionStage, type DecisionState } from '../decision.state';
import { scheduleOf } from '../decision.terms';

const SPARING_SINCE = 2;

/** What ends by itself. */
const endOf = (state: At<TimedStage>): Due<DecisionCommand> | null => {
  switch (state.stage) {
    case 'voting':
      return { at: state.closesAt, command: { type: 'close-ballot', data: {} } };
    case 'noticing':
    case 'emergency':
      return state.noticeEndsAt === null ? null : { at: state.noticeEndsAt, command: { type: 'end-notice', data: {} } };
    case 'warranty':
      return { at: state.warrantyEndsAt, command: { type: 'end-warranty', data: {} } };
    default:
      return null;
  }
};

/** Only instants that an event fixed: a timer months later needs neither calendar nor policy. */
export const nextDue = (state: DecisionState): Due<DecisionCommand> | null => {
  if (!isAt(state, TIMED_STAGES)) return null;
  const [end, step] = [endOf(state), state.clock && nextStep(state.clock)];
  if (step === null || (end !== null && isAfter(step.at, end.at))) return end;
  return { at: step.at, command: { type: 'tick', data: { step: stepId(step) } } };
};

/** A timer that comes early, late or twice is not an error: only the step that is due now happens. */
export const tick: Rule<'tick', TimedStage> = ({ data }, { needId, clock, stage }, { now }) => {
  const taken = clock && stepTaken(clock, stage, data.step, now);
  return taken === null ? accept() : accept({ ...taken, data: { needId, ...taken.data } } as DecisionEvent); // of its events these are the ladder's
};

/** Another calendar or policy has come with the command. Silence where nobody is waited for, and when it changes nothing. */
export const retime: Rule<'retime', DecisionStage> = (_, state, context) => {
  const tables = tablesOf(context);
  if (tables === null || !isAt(state, TIMED_STAGES) || state.clock === null) return accept();
  const { needId, stage, clock, terms } = state;
  const scheduleFrom = (from: string) => scheduleOf(stage, tables, from, endOf(state)?.at ?? null, terms.warrantyReminderDays);
  const moved = movedTo(clock, stage, retimedTo(clock, context, { since: SPARING_SINCE, scheduleFrom }));
  return moved === null ? accept() : accept({ ...moved, data: { needId, ...moved.data } } as Fact<'DeadlineMoved'>);
};
