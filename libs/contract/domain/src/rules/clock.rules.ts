import { isAfter, movedTo, nextStep, retimedTo, stepEventOf, stepId, stepTaken, tablesOf, type ScheduledStep } from '@qiyue/civic-domain';
import { accept, type Due } from '@qiyue/engine';
import type { ContractCommand } from '../contract.commands';
import type { Rule } from '../contract.decision';
import { TIMED_STAGES, type ContractEvent, type TimedStage } from '../contract.events';
import { itemScheduleOf, scheduleOf } from '../contract.policy';
import { isAt, type At, type ContractStage, type ContractState, type ItemClock } from '../contract.state';
import { closed } from './life.rules';

type Timed = At<TimedStage>;

const SPARING_SINCE = 2;

/** Only instants that an event fixed: a timer months later needs neither calendar nor policy. Of two at once, the first here comes first. */
export const nextDue = (state: ContractState): Due<ContractCommand> | null =>
  isAt(state, TIMED_STAGES)
    ? [...effectOf(state), ...endOf(state), ...stepOf(state), ...itemStepsOf(state)].reduce<Due<ContractCommand> | null>(
        (first, due) => (first === null || isAfter(first.at, due.at) ? due : first),
        null,
      )
    : null;

const effectOf = (state: Timed): readonly Due<ContractCommand>[] =>
  state.stage === 'in-force' && state.termination !== null ? [{ at: state.termination.effectiveAt, command: { type: 'take-effect', data: {} } }] : [];

const endOf = (state: Timed): readonly Due<ContractCommand>[] =>
  state.stage === 'evaluating' ? [] : [{ at: state.endsAt, command: { type: 'end', data: {} } }];

const stepOf = ({ clock }: Timed): readonly Due<ContractCommand>[] => {
  const step = clock && nextStep(clock);
  return step === null ? [] : [{ at: step.at, command: { type: 'tick', data: { step: stepId(step) } } }];
};

/** A step of an item's deadline as the timer's command names it. */
const stepOfItem = (itemId: string, step: string): string => `${itemId}/${step}`;

const itemClocksOf = (state: ContractState): readonly ItemClock[] => (state.stage === 'in-force' ? state.itemClocks : []);

const itemStepsOf = (state: Timed): readonly Due<ContractCommand>[] =>
  itemClocksOf(state).flatMap(({ itemId, clock }) => {
    const step = nextStep(clock);
    return step === null ? [] : [{ at: step.at, command: { type: 'tick', data: { step: stepOfItem(itemId, stepId(step)) } } }];
  });

/** A timer that comes early, late or twice is not an error: only the step that is due now happens. */
export const tick: Rule<'tick', TimedStage> = ({ data }, state, { now }) => {
  const item = itemClocksOf(state).find(({ itemId }) => data.step.startsWith(stepOfItem(itemId, '')));
  if (item !== undefined) {
    const event = stepTaken(item.clock, item.itemId, data.step.slice(stepOfItem(item.itemId, '').length), now);
    return event === null ? accept() : accept(event as ContractEvent);
  }
  const step = state.clock && nextStep(state.clock);
  if (state.clock === null || step === null || stepId(step) !== data.step || isAfter(step.at, now)) return accept();
  return accept(eventOf(step, state, state.clock.schedule, now));
};

/** The clock of a contract gives no other events than these. */
const eventOf = (step: ScheduledStep, state: Timed, schedule: NonNullable<Timed['clock']>['schedule'], now: string): ContractEvent =>
  (stepEventOf(step, state.stage, schedule, now) as ContractEvent | null) ?? closed(state, 'lapsed');

/** Another calendar or policy has come with the command. Silence when it changes nothing for this contract, and once it is closed. */
export const retime: Rule<'retime', ContractStage> = (_, state, context) => {
  const tables = tablesOf(context);
  if (tables === null || !isAt(state, TIMED_STAGES)) return accept();
  const { clock, stage, endsOn } = state;
  const stageFrom = { since: SPARING_SINCE, scheduleFrom: (from: string) => scheduleOf(stage, tables, from, endsOn) };
  const itemFrom = { since: SPARING_SINCE, scheduleFrom: (from: string) => itemScheduleOf(tables, from) };
  const moved = [
    ...(clock === null ? [] : [movedTo(clock, stage, retimedTo(clock, context, stageFrom))]),
    ...itemClocksOf(state).map((one) => movedTo(one.clock, one.itemId, retimedTo(one.clock, context, itemFrom))),
  ];
  return accept(...moved.filter((event) => event !== null));
};
