import { isAfter, isSameSchedule, moveCauseOf, nextStep, stepId, tablesOf, type ScheduledStep, retimedTo } from '@qiyue/civic-domain';
import { accept, type Due } from '@qiyue/engine';
import type { UnitYearCommand } from '../unit-year.commands';
import type { Rule } from '../unit-year.decision';
import { TIMED_STAGES, type TimedStage, type UnitYearEvent } from '../unit-year.events';
import { scheduleOf } from '../unit-year.policy';
import { isAt, type At, type UnitYearStage, type UnitYearState } from '../unit-year.state';

const SPARING_SINCE = 2;

type Timed = At<TimedStage>;

/** Only instants that an event fixed: a timer months later needs neither calendar nor policy. The year's end comes whatever else is due. */
export const nextDue = (state: UnitYearState): Due<UnitYearCommand> | null => {
  if (!isAt(state, TIMED_STAGES)) return null;
  const step = state.clock && nextStep(state.clock);
  if (step === null || isAfter(step.at, state.closesAt)) return { at: state.closesAt, command: { type: 'close', data: {} } };
  return { at: step.at, command: { type: 'tick', data: { step: stepId(step) } } };
};

/** A timer that comes early, late or twice is not an error: only the step that is due now happens. */
export const tick: Rule<'tick', TimedStage> = ({ data }, state, { now }) => {
  const step = state.clock && nextStep(state.clock);
  if (step === null || stepId(step) !== data.step || isAfter(step.at, now)) return accept();
  return accept(...eventsOf(step, state));
};

const eventsOf = (step: ScheduledStep & { readonly at: string }, { stage, clock }: Timed): readonly UnitYearEvent[] => {
  const data = { stage, dueAt: clock?.schedule.dueAt ?? step.at, policy: clock?.schedule.policy ?? '' };
  switch (step.kind) {
    case 'approaching':
      return [{ type: 'DeadlineApproaching', data }];
    case 'missed':
      return [{ type: 'DeadlineMissed', data }];
    case 'escalated':
      return [{ type: 'Escalated', data: { ...data, level: step.level, name: step.name ?? String(step.level) } }];
    case 'lapsed':
      return []; // no deadline of a year has one
  }
};

/** Another calendar or policy has come with the command. Silence when it changes nothing for this year, and once it is closed. */
export const retime: Rule<'retime', UnitYearStage> = (_, state, context) => {
  const tables = tablesOf(context);
  if (tables === null || !isAt(state, TIMED_STAGES) || state.clock === null) return accept();
  const { clock, stage, year } = state;
  const { schedule } = clock;
  const deadline = retimedTo(clock, context, { since: SPARING_SINCE, scheduleFrom: (from) => scheduleOf(stage, tables, from, year) });
  if (isSameSchedule(deadline, schedule)) return accept();
  return accept({
    type: 'DeadlineMoved',
    data: {
      stage: state.stage,
      cause: moveCauseOf(schedule, deadline),
      oldDueAt: state.dueAt,
      dueAt: deadline.dueAt,
      deadline,
    },
  });
};
