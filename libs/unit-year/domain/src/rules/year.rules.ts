import { DEED_KINDS, isAfter, isSameUnit, type DeedKind, type UnitYearPolicy } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { UnitAndYear } from '../unit-year.commands';
import { invalidBody, type Rule, type UnitYearDecision } from '../unit-year.decision';
import type { Fact, TimedStage, UnitYearEvent } from '../unit-year.events';
import { closesAtOf, isHalfwayAhead, startStage, unitYearPolicyOf } from '../unit-year.policy';
import { isLive, isUnderWay, type Opened, type Pledge, type UnitYearStage } from '../unit-year.state';

export const unitAndYear = ({ unit, year }: UnitAndYear): UnitAndYear => ({ unit, year });
export const isSameYear = (a: UnitAndYear, b: UnitAndYear): boolean => isSameUnit(a.unit, b.unit) && a.year === b.year;

/** The event that opens a year, or why it cannot be opened. */
export const opening = (asked: UnitAndYear, context: Context): Fact<'UnitYearOpened'> | Extract<UnitYearDecision, { ok: false }> => {
  const { unit, year } = asked;
  const closesAt = closesAtOf(year);
  if (!isAfter(closesAt, context.now)) return refuse('too-late', { until: closesAt });
  return { type: 'UnitYearOpened', data: { unit, year, openedAt: context.now, closesAt, ...startStage('pledging', context, year) } };
};

/** Opening what is open, or was, is silent: the same unit and year is the same entity. */
export const open: Rule<'open', 'nonexistent' | UnitYearStage> = ({ data }, state, context) => {
  if (state.stage !== 'nonexistent') return isSameYear(data, state) ? accept() : invalidBody('unit');
  const opened = opening(data, context);
  return 'type' in opened ? accept(opened) : opened;
};

const countsOf = (pledges: readonly Pledge[]): Readonly<Record<DeedKind, number>> => {
  const live = pledges.filter(isLive);
  return { tangible: live.filter(({ kind }) => kind === 'tangible').length, service: live.filter(({ kind }) => kind === 'service').length };
};

/** Null when these pledges fit. `within`: only the bound that a step in this direction can break. */
export const outOfBounds = (
  pledges: readonly Pledge[],
  { bounds }: UnitYearPolicy,
  within: 'both' | 'max' | 'min' = 'both',
): UnitYearDecision | null => {
  const counts = countsOf(pledges);
  const isOut = (kind: DeedKind): boolean =>
    (within !== 'max' && counts[kind] < bounds[kind].min) || (within !== 'min' && counts[kind] > bounds[kind].max);
  if (!DEED_KINDS.some(isOut)) return null;
  return refuse('pledges-out-of-bounds', {
    ...{ tangible: counts.tangible, tangibleMin: bounds.tangible.min, tangibleMax: bounds.tangible.max },
    ...{ service: counts.service, serviceMin: bounds.service.min, serviceMax: bounds.service.max },
  });
};

export const publish: Rule<'publish', 'pledging'> = (_, state, context) => {
  const refused = outOfBounds(state.pledges, unitYearPolicyOf(context));
  if (refused !== null) return refused;
  const stage = !isUnderWay(state) && isHalfwayAhead(context, state.year) ? 'published' : 'fulfilling';
  return accept({ type: 'PledgesPublished', data: { ...unitAndYear(state), stage, ...startStage(stage, context, state.year) } });
};

/** Each pledge has its need: said once, by whichever step brought it about. */
export const underWay = (state: Opened, context: Context): Fact<'PledgesUnderWay'> => ({
  type: 'PledgesUnderWay',
  data: { ...unitAndYear(state), ...startStage('fulfilling', context, state.year) },
});

/** By the centre at any time, by the clock at the year's end. What was not fulfilled by then has failed. */
export const close: Rule<'close', TimedStage> = (_, state, { now, actor }) => {
  const isClock = actor.role === 'system';
  if (isClock && isAfter(state.closesAt, now)) return accept(); // a timer that comes early is not an error
  const year = unitAndYear(state);
  const isKept = ({ state: at, contestedFrom }: Pledge): boolean => at === 'fulfilled' || contestedFrom === 'fulfilled';
  const open = state.pledges.filter(isLive);
  return accept<UnitYearEvent>(
    ...open
      .filter((pledge) => !isKept(pledge))
      .map(({ pledgeId, kind }): UnitYearEvent => ({ type: 'PledgeFailed', data: { ...year, pledgeId, kind, cause: 'year-closed' } })),
    {
      type: 'UnitYearClosed',
      data: {
        ...year,
        cause: isClock ? 'year-end' : 'by-hand',
        lapsedContests: open.filter(({ contestedFrom }) => contestedFrom === 'fulfilled').map(({ pledgeId }) => pledgeId),
      },
    },
  );
};
