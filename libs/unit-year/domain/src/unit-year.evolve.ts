import { clockWith, moneyAfter, NO_RESERVATIONS, startClock } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import { TIMED_STAGES, type Fact, type TimedStage, type UnitYearEvent } from './unit-year.events';
import { isAt, type At, type Closed, type Opened, type Pledge, type UnitYearStage, type UnitYearState } from './unit-year.state';

const EVERY_STAGE: readonly UnitYearStage[] = [...TIMED_STAGES, 'closed'];
const PUBLIC: readonly ('published' | 'fulfilling')[] = ['published', 'fulfilling'];

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: UnitYearState, event: UnitYearEvent): UnitYearState => {
  switch (event.type) {
    case 'UnitYearOpened':
      return opened(at(state, event, ['nonexistent']), event);
    case 'BudgetSet':
    case 'BudgetAdjusted':
      return { ...at(state, event, TIMED_STAGES), grantedFen: event.data.amountFen };
    case 'FundsReserved':
      return moneyAfter(at(state, event, TIMED_STAGES), event);
    case 'ReservationResized':
    case 'FundsCommitted':
    case 'FundsReleased':
      return moneyAfter(at(state, event, EVERY_STAGE), event);
    case 'PledgeMade':
      return made(at(state, event, TIMED_STAGES), event);
    case 'PledgeAmended':
      return changed(at(state, event, TIMED_STAGES), event, ({ kind, title }) => ({
        kind: event.data.kind ?? kind,
        title: event.data.title ?? title,
      }));
    case 'PledgeWithdrawn':
      return changed(at(state, event, TIMED_STAGES), event, () => ({ state: 'withdrawn' }));
    case 'PledgesPublished':
      return { ...common(at(state, event, ['pledging'])), stage: event.data.stage, dueAt: event.data.dueAt, clock: startClock(event.data.deadline) };
    case 'PledgeLinked':
      return changed(at(state, event, TIMED_STAGES), event, () => ({ state: 'linked', needId: event.data.needId }));
    case 'PledgeUnlinked':
      return changed(at(state, event, TIMED_STAGES), event, () => ({ state: 'promised', needId: null }));
    case 'PledgesUnderWay':
      return { ...common(at(state, event, ['published'])), stage: 'fulfilling', dueAt: event.data.dueAt, clock: startClock(event.data.deadline) };
    case 'PledgeContested':
      return changed(at(state, event, PUBLIC), event, contested);
    case 'PledgeSettled':
      return changed(at(state, event, PUBLIC), event, ({ contestedFrom }) => ({
        ...{ contestedFrom: null, isSettled: true },
        state: contestedFrom ?? 'promised',
      }));
    case 'PledgeFulfilled':
      return changed(at(state, event, TIMED_STAGES), event, (pledge) =>
        pledge.state === 'contested' ? { contestedFrom: 'fulfilled' } : { state: 'fulfilled' },
      );
    case 'PledgeFailed':
      return changed(at(state, event, TIMED_STAGES), event, () => ({ state: 'failed', contestedFrom: null }));
    case 'PledgeCarriedOver':
      return changed(at(state, event, PUBLIC), event, () => ({ state: 'carried-over' }));
    case 'UnitYearClosed':
      return closed(at(state, event, TIMED_STAGES), event);
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

const at = <S extends UnitYearState['stage']>(state: UnitYearState, event: UnitYearEvent, stages: readonly S[]): At<S> => {
  if (!isAt(state, stages)) throw new Error(`corrupt stream: ${event.type} in ${state.stage}`);
  return state;
};

/** Leaves a stage: keeps what every year has and drops the stage's own. */
const common = ({ unit, year, closesAt, grantedFen, committedFen, reservations, ended, pledges }: Opened): Opened => ({
  ...{ unit, year, closesAt, grantedFen, committedFen },
  ...{ reservations, ended, pledges },
});

const opened = (_: At<'nonexistent'>, { data }: Fact<'UnitYearOpened'>): UnitYearState => ({
  ...{ unit: data.unit, year: data.year, closesAt: data.closesAt },
  ...{ ...NO_RESERVATIONS, grantedFen: null, pledges: [] },
  ...{ stage: 'pledging', dueAt: data.dueAt, clock: startClock(data.deadline) },
});

const made = (state: At<TimedStage>, { data: { pledgeId, kind, title } }: Fact<'PledgeMade'>): UnitYearState => ({
  ...state,
  pledges: [...state.pledges, { pledgeId, kind, title, state: 'promised', needId: null, contestedFrom: null, isSettled: false }],
});

const contested = ({ state }: Pledge): Partial<Pledge> => ({
  state: 'contested',
  contestedFrom: state === 'fulfilled' || state === 'linked' ? state : 'promised',
});

type OnPledge = Extract<UnitYearEvent, { data: { pledgeId: string } }>;

const changed = (state: At<TimedStage>, { type, data }: OnPledge, change: (pledge: Pledge) => Partial<Pledge>): At<TimedStage> => {
  if (!state.pledges.some(({ pledgeId }) => pledgeId === data.pledgeId)) throw new Error(`corrupt stream: ${type} of no pledge ${data.pledgeId}`);
  return { ...state, pledges: state.pledges.map((pledge) => (pledge.pledgeId === data.pledgeId ? { ...pledge, ...change(pledge) } : pledge)) };
};

const closed = (state: At<TimedStage>, { data: { lapsedContests } }: Fact<'UnitYearClosed'>): Closed => ({
  ...common(state),
  pledges: state.pledges.map((pledge) =>
    lapsedContests.includes(pledge.pledgeId) ? { ...pledge, state: 'fulfilled', contestedFrom: null } : pledge,
  ),
  stage: 'closed',
});

type OnClock = Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

/** An event of the running deadline, which has to be that of its stage. */
const ticked = (state: UnitYearState, event: OnClock): At<TimedStage> => {
  const timed = at(state, event, TIMED_STAGES);
  if (timed.clock === null || timed.stage !== event.data.stage) throw new Error(`corrupt stream: ${event.type} without its deadline`);
  return { ...timed, clock: clockWith(timed.clock, event) };
};
