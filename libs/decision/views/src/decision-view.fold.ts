import { insistOnNext, timedAfter } from '@qiyue/civic-views';
import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import { statusOf, type DecisionEvent, type Fact } from '@qiyue/decision-domain';
import type { DecisionView } from './decision-view';
import {
  begins,
  committed,
  drawn,
  electorateShown,
  fundOf,
  planView,
  released,
  repaid,
  reserved,
  resized,
  rests,
  settled,
  voted,
  withShares,
  type Change,
} from './decision-view.changes';

/**
 * The next version of a decision's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another entity's record, a gap, a broken hash link.
 */
export const foldDecisionView = (view: DecisionView | null, record: RecordBody): DecisionView => {
  insistOnNext('decision', view && { id: view.decisionId, seq: view.seq, hash: view.hash }, record);
  const event = eventOf<DecisionEvent>(record);
  const changed = view === null ? opened(event, record) : timed({ ...view, ...change(view, event, record.time) }, event, record.time);
  const fund = fundOf(changed);
  return { ...changed, status: statusOf(changed, fund.owedFen), fund, seq: record.seq, updatedAt: record.time, hash: sealRecord(record).hash };
};

/** The running clock after the event, and its stage's line in the statistics with it. */
const timed = (view: DecisionView, event: DecisionEvent, at: string): DecisionView => {
  if (view.clock === null) return view;
  return { ...view, ...timedAfter(view.clock, view.stages, event, at) };
};

const opened = (event: DecisionEvent, { entity, time }: RecordBody): DecisionView => {
  if (event.type !== 'DecisionOpened') throw new Error(`corrupt stream ${entity}: ${event.type} before DecisionOpened`);
  const { data } = event;
  const { needId, community, matter, rule, terms, plan } = data;
  return {
    ...{ decisionId: entity, seq: 0, needId, community, matter, previous: data.previous ?? null, stage: 'preparing', status: 'consulting' },
    ...{ plan: planView(plan, 1, time, null), plans: [], ...electorateShown(data), rosterHash: null, rule, terms },
    ...{ ballot: null, ballots: [], councils: [], visits: [], objections: [], mediations: [], signatures: [], notice: null, challenges: [] },
    ...{ emergency: null, confirmation: null, failedBy: null, cancelled: null },
    fund: { budgetFen: plan.budgetFen, reservedFen: 0, committedFen: 0, availableFen: plan.budgetFen, drawnFen: 0, owedFen: 0 },
    ...{ reservations: [], draws: [], repayments: [], audit: null, warranty: null },
    ...begins({ community, stages: [], clock: null }, 'preparing', data, time),
    ...{ createdAt: time, updatedAt: time, hash: '' },
  };
};

/** When voting ended, which the count comes behind. */
const closedBallot = ({ ballot }: DecisionView, { data: { cause } }: Fact<'VotingEnded' | 'BallotClosed'>, at: string): DecisionView['ballot'] =>
  ballot && { ...ballot, closedAt: ballot.closedAt ?? at, cause };

const change = (view: DecisionView, event: DecisionEvent, at: string): Change => {
  switch (event.type) {
    case 'CouncilHeld':
      return { councils: [...view.councils, { notes: event.data.notes, attended: event.data.attended, at }] };
    case 'HouseholdVisited': {
      const { room, planNumber, stance, notes = null } = event.data;
      return { visits: [...view.visits, { room, planNumber, stance, notes, at }] };
    }
    case 'ObjectionRaised': {
      const { room, planNumber, reason } = event.data;
      return { objections: [...view.objections, { room, planNumber, reason, at }] };
    }
    case 'MediationHeld': {
      const { room, planNumber, round, outcome, notes } = event.data;
      return { mediations: [...view.mediations, { room, planNumber, round, outcome, notes, at }] };
    }
    case 'PlanRevised': {
      const { plan, planNumber, reason } = event.data;
      return { plan: planView(plan, planNumber, at, reason), plans: [...view.plans, view.plan], roster: withShares(view.roster, plan) };
    }
    case 'BallotOpened': {
      const { closesAt, channels, rosterHash } = event.data;
      const ballot = { openedAt: at, closesAt, channels, closedAt: null, cause: null };
      return { stage: 'voting', rosterHash, ballot, ...begins(view, 'voting', event.data, at) };
    }
    case 'VoteCast':
      return voted(view, event, at);
    case 'VotingEnded':
      return { stage: 'counting', ballot: closedBallot(view, event, at), ...rests(view, at) };
    case 'BallotClosed': {
      const { tally, outcome } = event.data;
      const ballot = closedBallot(view, event, at);
      return outcome === 'passed'
        ? { stage: 'passed', tally, ballot, ...begins(view, 'passed', event.data, at) }
        : { stage: 'failed', tally, ballot, ...rests(view, at) };
    }
    case 'SignatureTaken':
      return { signatures: [...view.signatures, { room: event.data.room, evidence: event.data.evidence ?? [], at }] };
    case 'NoticePosted': {
      const { days, place, photos = [], endsAt } = event.data;
      const notice = { days, place, photos, postedAt: at, endsAt, endedAt: null };
      return view.stage === 'emergency' ? { notice, ...rests(view, at) } : { stage: 'noticing', notice, ...begins(view, 'noticing', event.data, at) };
    }
    case 'NoticeEnded': {
      const notice = view.notice && { ...view.notice, endedAt: at };
      return view.stage === 'emergency' ? { notice } : { stage: 'confirming', notice, ...begins(view, 'confirming', event.data, at) };
    }
    case 'DecisionChallenged':
      return { challenges: [...view.challenges, { challengeId: event.data.challengeId, reason: event.data.reason, at, settled: null }] };
    case 'ChallengeSettled':
      return settled(view, event, at);
    case 'DecisionConfirmed': {
      const { manner, reference = null, note = null } = event.data;
      return { stage: 'confirmed', confirmation: { manner, reference, note, at }, ...rests(view, at) };
    }
    case 'DecisionFailed':
      return { stage: 'failed', failedBy: event.data.cause, ...rests(view, at) };
    case 'DecisionCancelled':
      return { stage: 'cancelled', cancelled: { cause: event.data.cause, reason: event.data.reason ?? null, at }, ...rests(view, at) };
    case 'EmergencyDeclared': {
      const { basis, evidence } = event.data;
      return { stage: 'declared', emergency: { basis, evidence, declaredAt: at, confirmedAt: null }, ...begins(view, 'declared', event.data, at) };
    }
    case 'EmergencyConfirmed': {
      const { reference = null, note = null } = event.data;
      const emergency = view.emergency && { ...view.emergency, confirmedAt: at };
      return {
        stage: 'emergency',
        emergency,
        confirmation: { manner: 'emergency', reference, note, at },
        ...begins(view, 'emergency', event.data, at),
      };
    }
    case 'FundsReserved':
      return reserved(view, event, at);
    case 'ReservationResized':
      return resized(view, event);
    case 'FundsCommitted':
      return committed(view, event);
    case 'FundsReleased':
      return released(view, event);
    case 'FundDrawn':
      return drawn(view, event, at);
    case 'FundRepaid':
      return repaid(view, event, at);
    case 'AccountAudited':
      return { audit: { reference: event.data.reference, at } };
    case 'WarrantyStarted': {
      const warranty = { startedAt: at, endsAt: event.data.endsAt, endedAt: null };
      return { stage: 'warranty', warranty, ...begins(view, 'warranty', event.data, at) };
    }
    case 'WarrantyEnded':
      return { stage: 'ended', warranty: view.warranty && { ...view.warranty, endedAt: at }, ...rests(view, at) };
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
      return {};
    case 'DeadlineMoved':
      return { dueAt: event.data.dueAt };
    case 'DecisionOpened':
      throw new Error(`corrupt stream ${view.decisionId}: DecisionOpened twice`);
    default:
      return unreachable(event);
  }
};
