import { clockWith, startClock } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import type { Item } from './contract.commands';
import { TIMED_STAGES, type ContractEvent, type Fact, type TimedStage } from './contract.events';
import { isAt, isEvaluated, type Amendment, type At, type Closed, type ContractState, type Existing, type Outcome } from './contract.state';

const AMENDABLE: readonly ('proposed' | 'in-force')[] = ['proposed', 'in-force'];
const FROM_FORCE: readonly ('in-force' | 'evaluating')[] = ['in-force', 'evaluating'];

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: ContractState, event: ContractEvent): ContractState => {
  switch (event.type) {
    case 'ContractProposed':
      return proposed(at(state, event, ['nonexistent']), event);
    case 'SignatureGiven': {
      const before = at(state, event, ['proposed']);
      return { ...before, signed: [...before.signed, event.data.side] };
    }
    case 'ContractInForce':
      return inForce(at(state, event, ['proposed']), event);
    case 'ContractWithdrawn':
      return closed(at(state, event, ['proposed']), 'withdrawn');
    case 'AmendmentProposed': {
      const before = at(state, event, AMENDABLE);
      return { ...before, amendment: amendmentOf(before, event) };
    }
    case 'AmendmentDeclined':
      return { ...at(state, event, AMENDABLE), amendment: null };
    case 'ContractAmended':
      return amended(at(state, event, AMENDABLE), event);
    case 'ItemFinished':
      return itemFinished(at(state, event, FROM_FORCE), event);
    case 'SideEvaluated':
      return evaluated(at(state, event, FROM_FORCE), event);
    case 'TerminationGiven': {
      const { side, effectiveAt } = event.data;
      return { ...at(state, event, ['in-force']), termination: { side, effectiveAt } };
    }
    case 'ContractTerminated':
      return closed(at(state, event, ['in-force']), 'terminated');
    case 'ContractEnded':
      return { ...common(at(state, event, ['in-force'])), stage: 'evaluating', dueAt: event.data.dueAt, clock: startClock(event.data.deadline) };
    case 'ContractClosed':
      return closed(at(state, event, ['proposed', 'evaluating']), event.data.cause);
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved':
      return ticked(at(state, event, TIMED_STAGES), event);
    default:
      return unreachable(event);
  }
};

const at = <S extends ContractState['stage']>(state: ContractState, event: ContractEvent, stages: readonly S[]): At<S> => {
  if (!isAt(state, stages)) throw new Error(`corrupt stream: ${event.type} in ${state.stage}`);
  return state;
};

/** Leaves a stage: keeps what every contract has and drops the stage's own. */
const common = ({ unit, community, year, items, itemsEver, finished, duties, startsOn, endsOn, endsAt, evaluated }: Existing): Existing => ({
  ...{ unit, community, year, items, itemsEver, finished },
  ...{ duties, startsOn, endsOn, endsAt, evaluated },
});

const highestOf = (items: readonly Item[]): number => items.reduce((most, { itemId }) => Math.max(most, Number(itemId.slice(1))), 0);

const proposed = (_: At<'nonexistent'>, { data }: Fact<'ContractProposed'>): ContractState => ({
  ...{ unit: data.unit, community: data.community, year: data.year, items: data.items, itemsEver: highestOf(data.items), finished: [] },
  ...{ duties: data.duties, startsOn: data.startsOn, endsOn: data.endsOn, endsAt: data.endsAt, evaluated: [] },
  ...{ stage: 'proposed', signed: [], amendment: null, dueAt: data.dueAt, clock: startClock(data.deadline) },
});

const inForce = (state: At<'proposed'>, { data: { dueAt, deadline } }: Fact<'ContractInForce'>): ContractState => ({
  ...common(state),
  ...{ stage: 'in-force', amendment: null, termination: null, dueAt, clock: startClock(deadline), itemClocks: [] },
});

/** What it leaves out stays as it is. */
const amendmentOf = (state: Existing, { data: { side, items, duties, endsOn } }: Fact<'AmendmentProposed'>): Amendment => ({
  ...{ side, items: items ?? state.items, duties: duties ?? state.duties, endsOn: endsOn ?? state.endsOn },
});

/** Nobody has signed new terms of before it was in force; later ones are agreed on by both. */
const amended = (state: At<'proposed' | 'in-force'>, { data }: Fact<'ContractAmended'>): ContractState => {
  const { items, duties, endsOn, endsAt } = data;
  const terms = { items, itemsEver: Math.max(state.itemsEver, highestOf(items)), duties, endsOn, endsAt, amendment: null };
  if (state.stage === 'proposed') return { ...state, ...terms, signed: [] };
  return { ...state, ...terms, ...(state.clock === null ? { dueAt: endsAt } : {}) };
};

const closed = (state: Existing, outcome: Outcome): Closed => ({ ...common(state), stage: 'closed', outcome });

type FromForce = At<'in-force' | 'evaluating'>;

/** Both sides evaluate it from here on. */
const itemFinished = (state: FromForce, { data: { itemId, deadline } }: Fact<'ItemFinished'>): ContractState => {
  const finished = [...state.finished, itemId];
  const clock = startClock(deadline);
  if (state.stage === 'evaluating' || clock === null) return { ...state, finished };
  return { ...state, finished, itemClocks: [...state.itemClocks, { itemId, clock }] };
};

const evaluated = (state: FromForce, { data: { side, itemId } }: Fact<'SideEvaluated'>): ContractState => {
  const after: FromForce = { ...state, evaluated: [...state.evaluated, { side, itemId: itemId ?? null }] };
  return after.stage === 'evaluating' ? after : { ...after, itemClocks: after.itemClocks.filter((one) => !isEvaluated(after, one.itemId)) };
};

type OnClock = Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

/** An event of a running deadline: that of the stage, or of an item. */
const ticked = (state: At<TimedStage>, event: OnClock): ContractState => {
  const { stage } = event.data;
  if (state.clock !== null && state.stage === stage) {
    const clock = clockWith(state.clock, event);
    return event.type === 'DeadlineMoved' ? { ...state, clock, dueAt: event.data.dueAt } : { ...state, clock };
  }
  if (state.stage !== 'in-force' || !state.itemClocks.some(({ itemId }) => itemId === stage))
    throw new Error(`corrupt stream: ${event.type} without its deadline`);
  return { ...state, itemClocks: state.itemClocks.map((one) => (one.itemId === stage ? { ...one, clock: clockWith(one.clock, event) } : one)) };
};
