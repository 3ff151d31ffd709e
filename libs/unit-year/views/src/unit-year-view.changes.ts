import { endedStages, startedClock } from '@qiyue/civic-views';
import type { Fact, TimedStage, UnitYearStatus } from '@qiyue/unit-year-domain';
import type { BudgetView, PledgeView, ReservationView, UnitYearView } from './unit-year-view';

/** What an event changes; seq, times, hash and what is derived are `foldUnitYearView`'s. */
export type Change = Partial<UnitYearView>;
type PledgeChange = (pledge: PledgeView) => Partial<PledgeView>;

export const NO_BUDGET: BudgetView = { grantedFen: null, reservedFen: 0, committedFen: 0, availableFen: null, reference: null };

/** With what is reserved, and what that leaves. */
export const totalled = ({ budget, reservations }: UnitYearView): BudgetView => {
  const reservedFen = reservations.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return { ...budget, reservedFen, availableFen: budget.grantedFen === null ? null : budget.grantedFen - reservedFen - budget.committedFen };
};

const STATUS = { pledging: 'promising', published: 'matching', fulfilling: 'at-work' } as const;
export const statusOf = ({ stage, reservations }: UnitYearView): UnitYearStatus =>
  stage === 'closed' ? (reservations.length > 0 ? 'settling' : 'ended') : STATUS[stage];

type Began = Pick<Fact<'UnitYearOpened' | 'PledgesPublished' | 'PledgesUnderWay'>['data'], 'dueAt' | 'deadline'>;

/** A stage begins: its deadline runs, and the one before has ended. */
export const begins = (
  before: Pick<UnitYearView, 'stages' | 'clock' | 'unit'>,
  stage: TimedStage,
  { dueAt, deadline }: Began,
  at: string,
): Pick<UnitYearView, 'stages' | 'clock' | 'dueAt'> => ({
  clock: startedClock(stage, deadline),
  stages: [...endedStages(before, at), { stage, round: 1, unit: before.unit, from: at, dueAt, endedAt: null, late: null, escalatedTo: 0 }],
  dueAt,
});

export const granted = ({ budget }: UnitYearView, grantedFen: number, reference: string | null): Change => ({
  budget: { ...budget, grantedFen, reference },
});

export const reserved = (
  { reservations }: UnitYearView,
  { data: { reservationId, needId, amountFen } }: Fact<'FundsReserved'>,
  since: string,
): Change => ({
  reservations: [...reservations, { reservationId, needId, amountFen, since }],
});

export const resized = ({ reservations }: UnitYearView, { data }: Fact<'ReservationResized'>): Change => ({
  reservations: reservations.map((one) => (one.reservationId === data.reservationId ? { ...one, amountFen: data.amountFen } : one)),
});

const without = ({ reservations, unitYearId }: UnitYearView, id: string): readonly ReservationView[] => {
  const others = reservations.filter(({ reservationId }) => reservationId !== id);
  if (others.length === reservations.length) throw new Error(`corrupt stream ${unitYearId}: ${id} is not reserved`);
  return others;
};

export const released = (view: UnitYearView, { data }: Fact<'FundsReleased'>): Change => ({ reservations: without(view, data.reservationId) });

export const committed = (view: UnitYearView, { data }: Fact<'FundsCommitted'>): Change => ({
  reservations: without(view, data.reservationId),
  budget: { ...view.budget, committedFen: view.budget.committedFen + data.amountFen },
});

export const made = ({ data }: Fact<'PledgeMade'>, at: string): PledgeView => ({
  pledgeId: data.pledgeId,
  kind: data.kind,
  title: data.title,
  description: data.description ?? null,
  community: data.community ?? null,
  targetBy: data.targetBy ?? null,
  state: 'promised',
  needId: null,
  fulfilledAt: null,
  contest: null,
  reason: null,
  updatedAt: at,
});

export const pledgeChanged = (
  { pledges, unitYearId }: UnitYearView,
  { type, data }: { readonly type: string; readonly data: { readonly pledgeId: string } },
  change: PledgeChange,
  at: string,
): Change => {
  if (!pledges.some(({ pledgeId }) => pledgeId === data.pledgeId))
    throw new Error(`corrupt stream ${unitYearId}: ${type} of no pledge ${data.pledgeId}`);
  return { pledges: pledges.map((pledge) => (pledge.pledgeId === data.pledgeId ? { ...pledge, ...change(pledge), updatedAt: at } : pledge)) };
};

/** Named one by one, so that nothing else in a record can get into a document. */
const AMENDABLE = ['kind', 'title', 'description', 'community', 'targetBy'] as const;

export const amended =
  ({ data }: Fact<'PledgeAmended'>): PledgeChange =>
  () =>
    Object.fromEntries(AMENDABLE.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));

export const withdrawn =
  ({ data: { reason } }: Fact<'PledgeWithdrawn'>): PledgeChange =>
  () => ({ state: 'withdrawn', reason });

export const carriedOver =
  ({ data: { reason } }: Fact<'PledgeCarriedOver'>): PledgeChange =>
  () => ({ state: 'carried-over', reason });

export const linked =
  (needId: string | null): PledgeChange =>
  () => ({ state: needId === null ? 'promised' : 'linked', needId });

export const contested =
  ({ data: { community, reason } }: Fact<'PledgeContested'>, at: string): PledgeChange =>
  () => ({ state: 'contested', contest: { community, reason, at, settled: null } });

/** What a contested pledge is beside its contest. */
const uncontested = ({ needId, fulfilledAt }: PledgeView): PledgeView['state'] =>
  fulfilledAt !== null ? 'fulfilled' : needId === null ? 'promised' : 'linked';

export const settled =
  ({ data: { upheld, reason } }: Fact<'PledgeSettled'>, at: string): PledgeChange =>
  (pledge) => ({ state: uncontested(pledge), contest: pledge.contest && { ...pledge.contest, settled: { upheld, reason, at } } });

export const fulfilled =
  (at: string): PledgeChange =>
  ({ state }) => ({ state: state === 'contested' ? state : 'fulfilled', fulfilledAt: at });

export const failed: PledgeChange = () => ({ state: 'failed' });

/**
 * Of the fulfilled pledges those that were contested and not settled stay fulfilled. A stage that ends with its year was late if its day was over, and
 * otherwise neither kept nor missed.
 */
export const closed = (view: UnitYearView, { data: { lapsedContests } }: Fact<'UnitYearClosed'>, at: string): Change => ({
  stage: 'closed',
  closedAt: at,
  pledges: view.pledges.map((pledge) =>
    lapsedContests.includes(pledge.pledgeId) ? { ...pledge, state: uncontested(pledge), updatedAt: at } : pledge,
  ),
  clock: null,
  stages: view.stages.map((time) =>
    time.endedAt === null ? { ...time, endedAt: at, late: time.late ?? (time.dueAt !== null && at > time.dueAt ? true : null) } : time,
  ),
  dueAt: null,
});
