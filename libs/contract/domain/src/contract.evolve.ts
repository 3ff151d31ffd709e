import { clockWith, startClock } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import type { Item } from './contract.commands';
import { TIMED_STAGES, type ContractEvent, type Fact, type TimedStage } from './contract.events';
import { isAt, type Amendment, type At, type Closed, type ContractState, type Existing, type Outcome } from './contract.state';

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
    case 'ItemFinished': {
      const before = at(state, event, FROM_FORCE);
      return { ...before, finished: [...before.finished, event.data.itemId] };
    }
    case 'SideEvaluated': {
      const before = at(state, event, FROM_FORCE);
      return { ...before, evaluated: [...before.evaluated, { side: event.data.side, itemId: event.data.itemId ?? null }] };
    }
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
      return ticked(state, event);
    case 'DeadlineMoved':
      return { ...ticked(state, event), dueAt: event.data.dueAt };
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
  ...{ stage: 'in-force', amendment: null, termination: null, dueAt, clock: startClock(deadline) },
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

type OnClock = Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

/** An event of the running deadline, which has to be that of its stage. */
const ticked = (state: ContractState, event: OnClock): At<TimedStage> => {
  const timed = at(state, event, TIMED_STAGES);
  if (timed.clock === null || timed.stage !== event.data.stage) throw new Error(`corrupt stream: ${event.type} without its deadline`);
  return { ...timed, clock: clockWith(timed.clock, event) };
};
