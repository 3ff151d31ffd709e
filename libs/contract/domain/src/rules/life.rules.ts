import { isAfter, isSameUnit, tablesOf } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { OfItem } from '../contract.commands';
import { type ContractDecision, type Rule } from '../contract.decision';
import type { ContractEvent, Fact, TimedStage } from '../contract.events';
import { evolve } from '../contract.evolve';
import { effectiveAtOf, itemScheduleOf, startStage } from '../contract.policy';
import { sideOf } from '../contract.permissions';
import { hasEvaluated, missingEvaluations, partiesOf, type At, type Existing } from '../contract.state';

const hasItem = ({ items }: Existing, { itemId }: OfItem): boolean => items.some((item) => item.itemId === itemId);

/** An item is done: from here on both sides evaluate it. Either side says so, and the other can answer by its evaluation. */
export const finishItem: Rule<'finish-item', 'in-force' | 'evaluating'> = ({ data: { itemId } }, state, context, side) => {
  if (!hasItem(state, { itemId })) return refuse('no-such-item', { itemId });
  if (state.finished.includes(itemId)) return refuse('item-finished', { itemId });
  const tables = state.stage === 'in-force' ? tablesOf(context) : null;
  const due = tables === null ? {} : { deadline: itemScheduleOf(tables, context.now) };
  return accept({ type: 'ItemFinished', data: { ...partiesOf(state), side, itemId, ...due } });
};

/** Nothing happens: one of its sides wants to know that it is in force, of these two, and has the item. */
export const vouch: Rule<'vouch', 'in-force'> = ({ type, data: { by, unit, community, itemId } }, state) => {
  if (sideOf(by, state) === null) return refuse('not-permitted', { command: type, role: by.role });
  if (!isSameUnit(state.unit, unit) || !isSameUnit(state.community, community)) return refuse('other-parties');
  return itemId === undefined || hasItem(state, { itemId }) ? accept() : refuse('no-such-item', { itemId });
};

/** The community scores the unit, the unit the community. The last that is waited for closes the contract. */
export const evaluate: Rule<'evaluate', 'in-force' | 'evaluating'> = ({ data }, state) => {
  const refused = notYet(state, data.itemId);
  if (refused !== null) return refused;
  const itemId = data.itemId ?? null;
  if (hasEvaluated(state, data.side, itemId)) return refuse('already-evaluated', { side: data.side, ...(itemId === null ? {} : { itemId }) });
  const evaluated: Fact<'SideEvaluated'> = { type: 'SideEvaluated', data: { ...partiesOf(state), ...data } };
  const after = evolve(state, evaluated);
  const isLast = after.stage === 'evaluating' && missingEvaluations(after).length === 0;
  return isLast ? accept<ContractEvent>(evaluated, closed(state, 'evaluated')) : accept(evaluated);
};

const notYet = (state: At<'in-force' | 'evaluating'>, itemId: string | undefined): ContractDecision | null => {
  if (itemId === undefined) return state.stage === 'evaluating' ? null : refuse('not-ended', { until: state.endsAt });
  if (!hasItem(state, { itemId })) return refuse('no-such-item', { itemId });
  return state.finished.includes(itemId) ? null : refuse('item-not-finished', { itemId });
};

export const closed = (state: Existing, cause: Fact<'ContractClosed'>['data']['cause']): Fact<'ContractClosed'> => ({
  type: 'ContractClosed',
  data: { ...partiesOf(state), cause },
});

export const terminate: Rule<'terminate', 'in-force'> = ({ data: { reason } }, state, context, side) => {
  if (state.termination !== null) return refuse('under-notice', { until: state.termination.effectiveAt });
  const effectiveAt = effectiveAtOf(context, state.endsAt);
  return accept({ type: 'TerminationGiven', data: { ...partiesOf(state), side, reason, effectiveAt } });
};

/** A timer that comes early is not an error, here and below. */
export const takeEffect: Rule<'take-effect', TimedStage> = (_, state, { now }) => {
  const termination = state.stage === 'in-force' ? state.termination : null;
  if (termination === null || isAfter(termination.effectiveAt, now)) return accept();
  return accept({ type: 'ContractTerminated', data: { ...partiesOf(state), side: termination.side } });
};

/** The last day is over. One that was never signed is nothing; one that was is evaluated now. */
export const end: Rule<'end', TimedStage> = (_, state, context) => {
  if (state.stage === 'evaluating' || isAfter(state.endsAt, context.now)) return accept();
  return state.stage === 'proposed' ? accept(closed(state, 'unsigned')) : accept(ended(state, context));
};

const ended = (state: At<'in-force'>, context: Context): Fact<'ContractEnded'> => ({
  type: 'ContractEnded',
  data: {
    ...partiesOf(state),
    unfinished: state.items.flatMap(({ itemId }) => (state.finished.includes(itemId) ? [] : [itemId])),
    ...startStage('evaluating', context, state),
  },
});
