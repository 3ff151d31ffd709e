import { clockWith, moneyAfter, NO_RESERVATIONS, startClock, type StartsDeadline } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import { ballotsHashAfter, NO_BALLOTS_HASH } from './ballot-box';
import { NO_CHALLENGES, withChallenge, withSettled } from './challenges';
import { noBallots, OWN_BALLOT, SEALED_BALLOT } from './counting';
import { TIMED_STAGES, type DecisionEvent, type Fact, type TimedStage } from './decision.events';
import { isAt, OVER_STAGES, type At, type DecisionStage, type DecisionState, type Existing, type Opened } from './decision.state';
import { electorateOf, emptyMask, withIn, withSign } from './electorate';

const EVERY: readonly DecisionStage[] = [...TIMED_STAGES, 'counting', 'confirmed', ...OVER_STAGES];
const RUNNING = EVERY.filter((stage) => !OVER_STAGES.some((over) => over === stage));
const PAYING = ['confirmed', 'emergency', 'warranty'] as const;

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: DecisionState, event: DecisionEvent): DecisionState => {
  switch (event.type) {
    case 'DecisionOpened':
      return opened(at(state, event, ['nonexistent']), event);
    case 'CouncilHeld':
    case 'HouseholdVisited':
    case 'ObjectionRaised':
    case 'MediationHeld':
      return at(state, event, RUNNING); // told in the document; nothing is decided by it
    case 'PlanRevised':
      return { ...at(state, event, ['preparing']), plan: { number: event.data.planNumber, budgetFen: event.data.plan.budgetFen } };
    case 'BallotOpened': {
      const { closesAt, channels } = event.data;
      return { ...common(at(state, event, ['preparing'])), ...timed(event.data), stage: 'voting', closesAt, channels };
    }
    case 'VoteCast':
      return voted(at(state, event, ['voting']), event);
    case 'VotingEnded':
      return { ...common(at(state, event, ['voting'])), stage: 'counting', cause: event.data.cause };
    case 'BallotClosed':
      return closed(at(state, event, ['voting', 'counting']), event);
    case 'SignatureTaken':
      return signed(at(state, event, RUNNING), event);
    case 'NoticePosted':
      return noticed(at(state, event, ['passed', 'emergency']), event);
    case 'NoticeEnded':
      return noticeEnded(at(state, event, ['noticing', 'emergency']), event);
    case 'DecisionChallenged': {
      const before = at(state, event, RUNNING);
      return { ...before, challenges: withChallenge(before.challenges, event.data) };
    }
    case 'ChallengeSettled': {
      const before = at(state, event, RUNNING);
      return { ...before, challenges: withSettled(before.challenges, event.data.challengeId) };
    }
    case 'DecisionConfirmed':
      return { ...common(at(state, event, ['confirming'])), stage: 'confirmed' };
    case 'DecisionFailed':
      return { ...common(at(state, event, ['failed', 'noticing', 'confirming'])), stage: 'failed' };
    case 'DecisionCancelled':
      return { ...common(at(state, event, RUNNING)), stage: 'cancelled' };
    case 'EmergencyDeclared':
      return { ...common(at(state, event, ['preparing'])), ...timed(event.data), stage: 'declared' };
    case 'EmergencyConfirmed':
      return { ...common(at(state, event, ['declared'])), ...timed(event.data), stage: 'emergency', noticeEndsAt: null, isNoticed: false };
    case 'FundsReserved':
      return moneyAfter(at(state, event, ['confirmed', 'emergency']), event);
    case 'ReservationResized':
    case 'FundsCommitted':
    case 'FundsReleased':
      return moneyAfter(at(state, event, EVERY), event);
    case 'FundDrawn':
      return { ...at(state, event, PAYING), drawnFen: event.data.drawnFen };
    case 'FundRepaid':
      return { ...at(state, event, EVERY), drawnFen: event.data.drawnFen };
    case 'AccountAudited':
      return { ...at(state, event, PAYING), isAudited: true };
    case 'WarrantyStarted':
      return { ...common(at(state, event, ['confirmed', 'emergency'])), ...timed(event.data), stage: 'warranty', warrantyEndsAt: event.data.endsAt };
    case 'WarrantyEnded':
      return { ...common(at(state, event, ['warranty'])), stage: 'ended' };
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

const at = <S extends DecisionState['stage']>(state: DecisionState, event: DecisionEvent, stages: readonly S[]): At<S> => {
  if (!isAt(state, stages)) throw new Error(`corrupt stream: ${event.type} in ${state.stage}`);
  return state;
};

/** Leaves a stage: keeps what every decision has and drops the stage's own. */
const common = (state: Opened): Opened => ({
  ...{ needId: state.needId, community: state.community, matter: state.matter, electorate: state.electorate, rule: state.rule, terms: state.terms },
  ...{ plan: state.plan, ballots: state.ballots, ballotsHash: state.ballotsHash, signed: state.signed, challenges: state.challenges },
  ...{ reservations: state.reservations, ended: state.ended, committedFen: state.committedFen, drawnFen: state.drawnFen, isAudited: state.isAudited },
});

const timed = ({ dueAt, deadline }: StartsDeadline & { readonly dueAt: string | null }) => ({ dueAt, clock: startClock(deadline) });

const opened = (_: At<'nonexistent'>, { data }: Fact<'DecisionOpened'>): DecisionState => {
  const electorate = electorateOf(data.roster, data.scopes);
  return {
    ...{ needId: data.needId, community: data.community, matter: data.matter, electorate, rule: data.rule, terms: data.terms },
    ...{
      plan: { number: 1, budgetFen: data.plan.budgetFen },
      ballots: noBallots(electorate.heads.length),
      ballotsHash: NO_BALLOTS_HASH,
      signed: emptyMask(electorate.rooms.length),
    },
    ...{ challenges: NO_CHALLENGES, ...NO_RESERVATIONS, drawnFen: 0, isAudited: false },
    ...{ stage: 'preparing', ...timed(data) },
  };
};

const voted = (state: At<'voting'>, { data }: Fact<'VoteCast'>): DecisionState => {
  const head = state.electorate.heads.indexOf(data.owner);
  if (head < 0) throw new Error('corrupt stream: VoteCast of nobody on the roster');
  const sign = data.channel === 'online' ? OWN_BALLOT : SEALED_BALLOT;
  return { ...state, ballots: withSign(state.ballots, head, sign), ballotsHash: ballotsHashAfter(state.ballotsHash, data) };
};

/** One that failed says so in the next event too, with whatever else fails. */
const closed = (state: At<'voting' | 'counting'>, { data }: Fact<'BallotClosed'>): DecisionState =>
  data.outcome === 'passed' ? { ...common(state), ...timed(data), stage: 'passed' } : { ...common(state), stage: 'failed' };

const signed = (state: Existing, { data: { room } }: Fact<'SignatureTaken'>): DecisionState => {
  const index = state.electorate.rooms.indexOf(room);
  if (index < 0) throw new Error('corrupt stream: SignatureTaken in no room of the roster');
  return { ...state, signed: withIn(state.signed, index) };
};

const noticed = (state: At<'passed' | 'emergency'>, { data }: Fact<'NoticePosted'>): DecisionState =>
  state.stage === 'emergency'
    ? { ...state, ...timed(data), noticeEndsAt: data.endsAt }
    : { ...common(state), ...timed(data), stage: 'noticing', noticeEndsAt: data.endsAt };

const noticeEnded = (state: At<'noticing' | 'emergency'>, { data }: Fact<'NoticeEnded'>): DecisionState =>
  state.stage === 'emergency' ? { ...state, noticeEndsAt: null, isNoticed: true } : { ...common(state), ...timed(data), stage: 'confirming' };

type OnClock = Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

/** An event of the running deadline, which has to be that of its stage. */
const ticked = (state: DecisionState, event: OnClock): At<TimedStage> => {
  const running = at(state, event, TIMED_STAGES);
  if (running.clock === null || running.stage !== event.data.stage) throw new Error(`corrupt stream: ${event.type} without its deadline`);
  return { ...running, clock: clockWith(running.clock, event) };
};
