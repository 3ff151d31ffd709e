import { isAfter } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import { invalidBody, type Rule, type UnitYearDecision } from '../unit-year.decision';
import type { TimedStage, UnitYearEvent } from '../unit-year.events';
import { evolve } from '../unit-year.evolve';
import { unitYearPolicyOf } from '../unit-year.policy';
import { isUnderWay, PLEDGES_MAX, type At, type Opened, type Pledge, type PledgeState, type UnitYearStage } from '../unit-year.state';
import { outOfBounds, underWay, unitAndYear } from './year.rules';

type Timed = At<TimedStage>;

/** The pledge, where it is in one of the states in which this can be done to it. */
const pledgeIn = ({ pledges }: Opened, id: string, ...states: readonly PledgeState[]): Pledge | Extract<UnitYearDecision, { ok: false }> => {
  const pledge = pledges.find(({ pledgeId }) => pledgeId === id);
  if (pledge === undefined) return refuse('no-such-pledge', { pledgeId: id });
  return states.includes(pledge.state) ? pledge : refuse('wrong-state', { pledgeId: id, state: pledge.state });
};
const isRefused = (found: Pledge | Extract<UnitYearDecision, { ok: false }>): found is Extract<UnitYearDecision, { ok: false }> => 'ok' in found;

const of = (state: Opened, { pledgeId, kind }: Pledge) => ({ ...unitAndYear(state), pledgeId, kind });

/** With the event that each pledge has its need, where this brings it about. */
const acceptIn = (state: Timed, context: Context, ...events: readonly UnitYearEvent[]): UnitYearDecision => {
  if (state.stage !== 'published') return accept(...events);
  const after = events.reduce(evolve, state);
  return after.stage === 'published' && isUnderWay(after) ? accept(...events, underWay(state, context)) : accept(...events);
};

const isWithinYear = ({ closesAt }: Opened, targetBy: string | undefined): boolean => targetBy === undefined || !isAfter(targetBy, closesAt);

export const pledge: Rule<'pledge', TimedStage> = ({ data }, state, context) => {
  if (data.title.trim() === '') return invalidBody('title');
  if (!isWithinYear(state, data.targetBy)) return invalidBody('targetBy');
  if (state.pledges.length >= PLEDGES_MAX) return refuse('too-many-pledges', { max: PLEDGES_MAX });
  const made: UnitYearEvent = { type: 'PledgeMade', data: { ...unitAndYear(state), pledgeId: `p${state.pledges.length + 1}`, ...data } };
  const refused = state.stage === 'pledging' ? null : outOfBounds(pledgesAfter(state, made), unitYearPolicyOf(context), 'max');
  return refused ?? accept(made);
};

const pledgesAfter = (state: Timed, event: UnitYearEvent): readonly Pledge[] => {
  const after = evolve(state, event);
  return after.stage === 'nonexistent' ? [] : after.pledges;
};

/** What may still be said more exactly once everybody has read the promise. */
const OPEN_AFTER_PUBLISHING: ReadonlySet<string> = new Set(['description', 'targetBy']);

export const amendPledge: Rule<'amend-pledge', TimedStage> = ({ data }, state) => {
  const { pledgeId, ...changes } = data;
  const found = pledgeIn(state, pledgeId, 'promised', 'linked');
  if (isRefused(found)) return found;
  const names = Object.keys(changes);
  if (names.length === 0) return refuse('nothing-to-amend');
  if (changes.title?.trim() === '') return invalidBody('title');
  if (!isWithinYear(state, changes.targetBy)) return invalidBody('targetBy');
  if (state.stage !== 'pledging' && !names.every((name) => OPEN_AFTER_PUBLISHING.has(name))) return refuse('already-published');
  if (changes.kind !== undefined && found.state === 'linked') return refuse('wrong-state', { pledgeId, state: found.state });
  return accept({ type: 'PledgeAmended', data: { ...unitAndYear(state), pledgeId, ...changes } });
};

export const withdrawPledge: Rule<'withdraw-pledge', TimedStage> = ({ data: { pledgeId, reason } }, state, context) => {
  const found = pledgeIn(state, pledgeId, 'promised', 'linked');
  if (isRefused(found)) return found;
  const withdrawn: UnitYearEvent = { type: 'PledgeWithdrawn', data: { ...of(state, found), reason } };
  const refused = state.stage === 'pledging' ? null : outOfBounds(pledgesAfter(state, withdrawn), unitYearPolicyOf(context), 'min');
  return refused ?? acceptIn(state, context, withdrawn);
};

/** One need fulfils one pledge. That it lives and is of the same kind is asked of the need before, and held again when it is fulfilled. */
export const link: Rule<'link', TimedStage> = ({ data: { pledgeId, needId } }, state, context) => {
  const found = pledgeIn(state, pledgeId, 'promised', 'linked');
  if (isRefused(found)) return found;
  if (found.needId === needId) return accept();
  if (found.needId !== null) return refuse('wrong-state', { pledgeId, state: found.state });
  const other = holderOf(state, needId);
  if (other !== null) return refuse('need-taken', { pledgeId: other.pledgeId });
  return acceptIn(state, context, { type: 'PledgeLinked', data: { ...of(state, found), needId } });
};

/** A pledge that was withdrawn, has failed or is carried over gives its need free. */
const holderOf = ({ pledges }: Opened, needId: string): Pledge | null =>
  pledges.find((pledge) => pledge.needId === needId && (pledge.state === 'linked' || pledge.state === 'contested' || pledge.state === 'fulfilled')) ??
  null;

export const unlink: Rule<'unlink', TimedStage> = ({ data: { pledgeId } }, state) => {
  const found = pledgeIn(state, pledgeId, 'linked', 'promised');
  if (isRefused(found)) return found;
  if (found.needId === null) return accept();
  return accept({ type: 'PledgeUnlinked', data: { ...of(state, found), needId: found.needId } });
};

export const contest: Rule<'contest', 'published' | 'fulfilling'> = ({ data: { pledgeId, reason } }, state, { actor }) => {
  const found = pledgeIn(state, pledgeId, 'promised', 'linked', 'fulfilled');
  if (isRefused(found)) return found;
  if (found.isSettled) return refuse('already-settled', { pledgeId });
  return accept({ type: 'PledgeContested', data: { ...of(state, found), community: actor.unit, reason } });
};

export const settle: Rule<'settle', 'published' | 'fulfilling'> = ({ data: { pledgeId, upheld, reason } }, state, context) => {
  const found = pledgeIn(state, pledgeId, 'contested');
  if (isRefused(found)) return found;
  const settled: UnitYearEvent = { type: 'PledgeSettled', data: { ...of(state, found), upheld, reason } };
  if (!upheld) return accept(settled);
  return acceptIn(state, context, settled, { type: 'PledgeFailed', data: { ...of(state, found), cause: 'contest-upheld' } });
};

export const carryOver: Rule<'carry-over', 'published' | 'fulfilling'> = ({ data: { pledgeId, reason } }, state, context) => {
  const found = pledgeIn(state, pledgeId, 'promised', 'linked');
  if (isRefused(found)) return found;
  return acceptIn(state, context, { type: 'PledgeCarriedOver', data: { ...of(state, found), title: found.title, reason } });
};

/**
 * A need was evaluated. Silent for a need that fulfils nothing here, that did not satisfy, that its author made one of the other kind since it was
 * linked, or that comes after the year has closed: whoever tells it does not know the pledges. A contested pledge is fulfilled as well, and stays
 * contested.
 */
export const fulfilPledge: Rule<'fulfil-pledge', UnitYearStage> = ({ data: { needId, kind, satisfied } }, state) => {
  const found = state.stage === 'closed' || !satisfied ? null : holderOf(state, needId);
  if (found === null || found.state === 'fulfilled' || found.contestedFrom === 'fulfilled') return accept();
  if (kind !== undefined && found.kind !== kind) return accept();
  return accept({ type: 'PledgeFulfilled', data: { ...of(state, found), needId } });
};
