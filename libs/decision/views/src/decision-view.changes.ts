import { endedStages, startedClock } from '@qiyue/civic-views';
import { reservedFenOf } from '@qiyue/civic-domain';
import {
  countOf,
  electorateOf,
  isIn,
  needsOf,
  noBallots,
  splitCost,
  tallyOf,
  type Count,
  type Electorate,
  type Fact,
  type Plan,
  type TimedStage,
} from '@qiyue/decision-domain';
import type { BallotView, CountingView, DecisionView, FundView, PlanView, RoomView } from './decision-view';

/** What an event changes; seq, times, hash and what is derived are `foldDecisionView`'s. */
export type Change = Partial<DecisionView>;

type Began = Pick<Fact<'NoticeEnded'>['data'], 'dueAt' | 'deadline'>;
type Timed = Pick<DecisionView, 'stages' | 'clock' | 'community'>;

/** A stage begins: its deadline runs, and the one before has ended. */
export const begins = (
  before: Timed,
  stage: TimedStage,
  { dueAt, deadline }: Began,
  at: string,
): Pick<DecisionView, 'stages' | 'clock' | 'dueAt'> => ({
  clock: startedClock(stage, deadline),
  stages: [...endedStages(before, at), { stage, round: 1, unit: before.community, from: at, dueAt, endedAt: null, late: null, escalatedTo: 0 }],
  dueAt,
});

/** Nobody is waited for any more. */
export const rests = (before: Timed, at: string): Pick<DecisionView, 'stages' | 'clock' | 'dueAt'> => ({
  clock: null,
  stages: endedStages(before, at),
  dueAt: null,
});

export const planView = (plan: Plan, number: number, at: string, reason: string | null): PlanView => ({
  number,
  parts: plan.parts ?? [],
  works: plan.works,
  budgetFen: plan.budgetFen,
  warrantyEndedOn: plan.warrantyEndedOn ?? null,
  from: plan.from,
  to: plan.to,
  contractor: plan.contractor ?? null,
  splitBy: plan.shares === undefined ? 'area' : 'agreed-shares',
  reason,
  at,
});

/** The rows with what each pays of the plan. */
export const withShares = <R extends Pick<RoomView, 'room' | 'areaCm2' | 'pays'>>(
  rows: readonly R[],
  { budgetFen, shares }: Plan,
): readonly (R & Pick<RoomView, 'shareFen'>)[] => {
  const weights =
    shares?.map(({ room, parts }) => ({ room, weight: parts })) ??
    rows.filter(({ pays }) => pays).map(({ room, areaCm2 }) => ({ room, weight: areaCm2 }));
  const split = splitCost(budgetFen, weights);
  return rows.map((row) => ({ ...row, shareFen: split.get(row.room) ?? null }));
};

const rowsOf = ({ roster }: Fact<'DecisionOpened'>['data'], { scopes }: Electorate) =>
  roster.map(({ room, areaCm2, owner }, i) => ({
    ...{ room, areaCm2, owner },
    ...{ shares: isIn(scopes.sharing, i), decides: isIn(scopes.deciding, i), pays: isIn(scopes.paying, i) },
  }));

const countingOf = (rows: readonly Pick<RoomView, 'owner' | 'areaCm2' | 'decides'>[], count: Count, rule: DecisionView['rule']): CountingView => {
  const deciding = rows.filter(({ decides }) => decides);
  const roomsOf = new Map<string, number>();
  for (const { owner } of deciding) if (owner !== null) roomsOf.set(owner, (roomsOf.get(owner) ?? 0) + 1);
  const unsold = deciding.filter(({ owner }) => owner === null);
  return {
    rooms: rows.length,
    decidingRooms: deciding.length,
    severalRooms: [...roomsOf.values()].filter((rooms) => rooms > 1).length,
    unsoldRooms: unsold.length,
    unsoldAreaCm2: unsold.reduce((sum, { areaCm2 }) => sum + areaCm2, 0),
    ...neededOf(count, rule),
  };
};

const neededOf = (count: Count, rule: DecisionView['rule']) => {
  const { partAreaCm2, partHeads, agreeAreaCm2, agreeHeads } = needsOf(count, rule);
  return { neededPartAreaCm2: partAreaCm2, neededPartHeads: partHeads, neededAgreeAreaCm2: agreeAreaCm2, neededAgreeHeads: agreeHeads };
};

/** The only two places in which all of the roster is gone through: here, and where the plan is revised. */
export const electorateShown = (data: Fact<'DecisionOpened'>['data']): Pick<DecisionView, 'roster' | 'tally' | 'counting'> => {
  const electorate = electorateOf(data.roster, data.scopes);
  const rows = rowsOf(data, electorate);
  const count = countOf(electorate, noBallots(electorate.heads.length));
  return { roster: withShares(rows, data.plan), tally: tallyOf(count, data.rule, false), counting: countingOf(rows, count, data.rule) };
};

/** By what a ballot adds, and what the one that it replaces takes away: 3,000 votes are counted without going through 3,000 rooms for each. */
export const voted = (view: DecisionView, { data }: Fact<'VoteCast'>, at: string): Change => {
  const { owner, areaCm2, choice, channel, evidence = [] } = data;
  const before = data.replaces ? (view.ballots.find((one) => one.owner === owner) ?? null) : null;
  const ballot: BallotView = { owner, areaCm2, choice, channel, evidence, at };
  const { tally, counting, rule, ballots } = view;
  const [agrees, agreed] = [choice === 'agree' ? 1 : 0, before?.choice === 'agree' ? 1 : 0];
  const count: Count = {
    ...tally,
    partAreaCm2: tally.partAreaCm2 + (before === null ? areaCm2 : 0),
    partHeads: tally.partHeads + (before === null ? 1 : 0),
    agreeAreaCm2: tally.agreeAreaCm2 + (agrees - agreed) * areaCm2,
    agreeHeads: tally.agreeHeads + agrees - agreed,
  };
  return {
    ballots: before === null ? [...ballots, ballot] : ballots.map((one) => (one === before ? ballot : one)),
    tally: tallyOf(count, rule, false),
    counting: { ...counting, ...neededOf(count, rule) },
  };
};

export const settled = ({ challenges }: DecisionView, { data: { challengeId, upheld, reason } }: Fact<'ChallengeSettled'>, at: string): Change => ({
  challenges: challenges.map((one) => (one.challengeId === challengeId ? { ...one, settled: { upheld, reason, at } } : one)),
});

export const fundOf = ({ plan, fund, reservations }: Pick<DecisionView, 'plan' | 'fund' | 'reservations'>): FundView => {
  const { budgetFen } = plan;
  const reservedFen = reservedFenOf({ reservations });
  const heldFen = reservedFen + fund.committedFen;
  return { ...fund, budgetFen, reservedFen, availableFen: budgetFen - heldFen, drawnFen: Math.min(fund.drawnFen, heldFen) };
};

const without = ({ reservations, decisionId }: DecisionView, id: string): DecisionView['reservations'] => {
  const others = reservations.filter(({ reservationId }) => reservationId !== id);
  if (others.length === reservations.length) throw new Error(`corrupt stream ${decisionId}: ${id} is not reserved`);
  return others;
};

export const reserved = ({ reservations }: DecisionView, { data }: Fact<'FundsReserved'>, since: string): Change => ({
  reservations: [...reservations, { reservationId: data.reservationId, needId: data.needId, amountFen: data.amountFen, since }],
});
export const resized = ({ reservations }: DecisionView, { data }: Fact<'ReservationResized'>): Change => ({
  reservations: reservations.map((one) => (one.reservationId === data.reservationId ? { ...one, amountFen: data.amountFen } : one)),
});
export const committed = (view: DecisionView, { data }: Fact<'FundsCommitted'>): Change => ({
  reservations: without(view, data.reservationId),
  fund: { ...view.fund, committedFen: view.fund.committedFen + data.amountFen },
});
export const released = (view: DecisionView, { data }: Fact<'FundsReleased'>): Change => ({ reservations: without(view, data.reservationId) });
export const drawn = ({ draws, fund }: DecisionView, { data }: Fact<'FundDrawn'>, at: string): Change => ({
  draws: [...draws, { amountFen: data.amountFen, reference: data.reference, at }],
  fund: { ...fund, drawnFen: data.drawnFen },
});
