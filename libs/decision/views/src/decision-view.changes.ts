import { endedStages, startedClock } from '@qiyue/civic-views';
import { reservedFenOf } from '@qiyue/civic-domain';
import {
  countOf,
  electorateOf,
  hasQuorum,
  isIn,
  needsOf,
  noBallots,
  splitCost,
  type Electorate,
  type Fact,
  type Plan,
  type TimedStage,
  type Turnout,
} from '@qiyue/decision-domain';
import type { BallotView, CountingView, DecisionView, FundView, PlanView, RoomView, TallyView } from './decision-view';

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

const countingOf = (rows: readonly Pick<RoomView, 'owner' | 'areaCm2' | 'decides'>[], turnout: Turnout, rule: DecisionView['rule']): CountingView => {
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
    ...neededOf(turnout, rule),
  };
};

const neededOf = (turnout: Turnout, rule: DecisionView['rule']) => {
  const { partAreaCm2, partHeads, agreeAreaCm2, agreeHeads } = needsOf(turnout, rule);
  return { neededPartAreaCm2: partAreaCm2, neededPartHeads: partHeads, neededAgreeAreaCm2: agreeAreaCm2, neededAgreeHeads: agreeHeads };
};

/** The only two places in which all of the roster is gone through: here, and where the plan is revised. */
export const electorateShown = (data: Fact<'DecisionOpened'>['data']): Pick<DecisionView, 'roster' | 'tally' | 'counting'> => {
  const electorate = electorateOf(data.roster, data.scopes);
  const rows = rowsOf(data, electorate);
  const turnout = countOf(electorate, noBallots(electorate.heads.length));
  return { roster: withShares(rows, data.plan), tally: uncounted(turnout, data.rule), counting: countingOf(rows, turnout, data.rule) };
};

const uncounted = ({ totalAreaCm2, totalHeads, partAreaCm2, partHeads }: Turnout, rule: DecisionView['rule']): TallyView => {
  const turnout = { totalAreaCm2, totalHeads, partAreaCm2, partHeads };
  return { ...turnout, agreeAreaCm2: null, agreeHeads: null, quorum: hasQuorum(turnout, rule), approval: null, outcome: 'open' };
};

/** By what a ballot adds to those who take part: 3,000 votes are told without going through 3,000 rooms for each. What they say is sealed. */
export const voted = (view: DecisionView, { data }: Fact<'VoteCast'>, at: string): Change => {
  const { owner, areaCm2, choice, channel, replaces, evidence = [] } = data;
  const ballot: BallotView = { owner, areaCm2, choice, channel, evidence, at };
  const { tally, counting, rule, ballots } = view;
  if (replaces) return { ballots: ballots.map((one) => (one.owner === owner ? ballot : one)) };
  const turnout = { ...tally, partAreaCm2: tally.partAreaCm2 + areaCm2, partHeads: tally.partHeads + 1 };
  return { ballots: [...ballots, ballot], tally: uncounted(turnout, rule), counting: { ...counting, ...neededOf(turnout, rule) } };
};

export const settled = ({ challenges }: DecisionView, { data: { challengeId, upheld, reason } }: Fact<'ChallengeSettled'>, at: string): Change => ({
  challenges: challenges.map((one) => (one.challengeId === challengeId ? { ...one, settled: { upheld, reason, at } } : one)),
});

export const fundOf = ({ plan, fund, reservations }: Pick<DecisionView, 'plan' | 'fund' | 'reservations'>): FundView => {
  const { budgetFen } = plan;
  const reservedFen = reservedFenOf({ reservations });
  const heldFen = reservedFen + fund.committedFen;
  return { ...fund, budgetFen, reservedFen, availableFen: budgetFen - heldFen, owedFen: Math.max(0, fund.drawnFen - heldFen) };
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
export const repaid = ({ repayments, fund }: DecisionView, { data }: Fact<'FundRepaid'>, at: string): Change => ({
  repayments: [...repayments, { amountFen: data.amountFen, reference: data.reference, at }],
  fund: { ...fund, drawnFen: data.drawnFen },
});
