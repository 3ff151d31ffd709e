import { AMOUNT_FEN_MAX, commitIn, isAmountFen, releaseIn, reserveIn, resizeIn, type MoneyDecision } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { Do } from '../unit-year.commands';
import { invalidBody, type Rule, type UnitYearDecision } from '../unit-year.decision';
import type { TimedStage, UnitYearEvent } from '../unit-year.events';
import { evolve } from '../unit-year.evolve';
import { unitYearPolicyOf } from '../unit-year.policy';
import type { UnitYearRefusal } from '../unit-year.refusals';
import { availableFenOf, isAt, usedFenOf, type Opened, type UnitYearStage } from '../unit-year.state';
import { isSameYear, opening, unitAndYear } from './year.rules';

/** `availableFen` is what could still be reserved; without a budget, all that numbers can hold. */
const overBudget = (state: Opened): Extract<UnitYearDecision, { ok: false }> =>
  refuse('over-budget', { availableFen: roomOf(state), usedFen: usedFenOf(state) });
const roomOf = (state: Opened): number => availableFenOf(state) ?? Number.MAX_SAFE_INTEGER - usedFenOf(state);

export const setBudget: Rule<'set-budget', TimedStage> = ({ data: { amountFen, reference } }, state) => {
  if (!isAmountFen(amountFen, 0)) return invalidBody('amountFen');
  if (amountFen < usedFenOf(state)) return overBudget(state);
  return accept({ type: 'BudgetSet', data: { ...unitAndYear(state), beforeFen: state.grantedFen, amountFen, reference } });
};

export const adjustBudget: Rule<'adjust-budget', TimedStage> = ({ data: { deltaFen, reason } }, state) => {
  if (state.grantedFen === null) return refuse('no-budget');
  const amountFen = state.grantedFen + deltaFen;
  if (!Number.isSafeInteger(deltaFen) || deltaFen === 0 || amountFen > AMOUNT_FEN_MAX) return invalidBody('deltaFen');
  if (amountFen < usedFenOf(state)) return overBudget(state);
  return accept({ type: 'BudgetAdjusted', data: { ...unitAndYear(state), beforeFen: state.grantedFen, deltaFen, amountFen, reason } });
};

/** The first of a year that nobody has opened opens it. */
export const reserve: Rule<'reserve', 'nonexistent' | TimedStage> = (command, state, context) => {
  const { data } = command;
  if (!isAmountFen(data.amountFen)) return invalidBody('amountFen');
  if (state.stage !== 'nonexistent') return isSameYear(data, state) ? reserving(state, data, context) : invalidBody('unit');
  const opened = opening(data, context);
  if (!('type' in opened)) return opened;
  const fresh = evolve(state, opened);
  const reserved: UnitYearDecision = isAt(fresh, ['pledging']) ? reserving(fresh, data, context) : accept();
  return reserved.ok ? accept<UnitYearEvent>(opened, ...reserved.events) : reserved;
};

const reserving = (state: Opened, data: Do<'reserve'>['data'], context: Context): UnitYearDecision =>
  ofYear(
    state,
    reserveIn(state, data, (moreFen) => {
      if (state.grantedFen === null && unitYearPolicyOf(context).budgetRequired) return refuse('no-budget');
      return moreFen > roomOf(state) ? overBudget(state) : null;
    }),
  );

/** The works cost more or less than was thought. A closed year only gives back. */
export const resize: Rule<'resize', UnitYearStage> = (command, state) =>
  ofYear(
    state,
    resizeIn(state, command.data, (moreFen) => {
      if (moreFen > 0 && state.stage === 'closed') return refuse('closed', { command: command.type });
      return moreFen > roomOf(state) ? overBudget(state) : null;
    }),
  );

export const commit: Rule<'commit', UnitYearStage> = ({ data }, state) => ofYear(state, commitIn(state, data));
export const release: Rule<'release', UnitYearStage> = ({ data }, state) => ofYear(state, releaseIn(state, data));

/** What moves, as an event of this year. */
const ofYear = (state: Opened, decision: MoneyDecision<UnitYearRefusal>): UnitYearDecision =>
  decision.ok ? accept(...decision.events.map((event) => ({ ...event, data: { ...unitAndYear(state), ...event.data } }) as UnitYearEvent)) : decision;
