import { yearOf } from '@qiyue/civic-domain';
import { entityIdOf, fingerprintOf, type Json, type Refusal, type Saga, type SagaPlan, type SagaStep } from '@qiyue/engine';
import {
  adjustedBy,
  DECISIONS_SINCE,
  departmentFenOf,
  isAt,
  MONEY_SINCE,
  ownersFenOf,
  type Do as NeedDo,
  type FundReservation,
  type NeedState,
  type OwnersReservation,
} from '@qiyue/need-domain';
import { unitYearIdOf, type Do as YearDo, type UnitAndYear } from '@qiyue/unit-year-domain';
import { toDecision } from '../decision/decision.steps';
import { toYear } from './unit-year.steps';

/** What the unit's year or the owners' decision said, as a need says it. */
const refusalOf = ({ refusal }: { readonly refusal: Refusal }): Refusal => {
  switch (refusal.code) {
    case 'over-budget':
    case 'no-budget':
      return refusal;
    case 'closed':
    case 'too-late':
      return { code: 'year-closed' };
    case 'decision-open':
    case 'decision-failed':
    case 'decision-missing':
    case 'over-plan':
      return refusal;
    case 'not-found': // a unit's year is there when money is reserved in it
      return { code: 'decision-missing' };
    default:
      return { code: 'funds-unavailable', detail: { why: refusal.code } };
  }
};

/**
 * What a department pays is reserved in its year before its need is funded, the year of that day in Shanghai, of the unit that leads the need; what the owners'
 * maintenance fund pays, in their decision. Given back at once when the need refuses.
 */
export const fundSaga: Saga<NeedState, NeedDo<'fund'>> = {
  aggregate: 'need',
  type: 'fund',
  plan: ({ type, data }, state, { rules, now, entity, commandId, actor }) => {
    const departmentFen = rules < MONEY_SINCE ? 0 : departmentFenOf(data);
    const fundFen = rules < DECISIONS_SINCE ? 0 : ownersFenOf(data);
    if ((departmentFen === 0 && fundFen === 0) || !isAt(state, ['claimed'])) return null;
    // Another use of the command's id, which its own entity refuses, must not take this one back.
    const reservationId = entityIdOf('reservation', fingerprintOf({ entity, type, data, actor }), commandId);
    const parts = [
      ...(departmentFen === 0 ? [] : [ofYear({ unit: state.lead, year: yearOf(now) }, { reservationId, needId: entity, amountFen: departmentFen })]),
      ...(fundFen === 0 || data.decisionId === undefined ? [] : [ofOwners(data.decisionId, { reservationId, needId: entity, amountFen: fundFen })]),
    ];
    return {
      before: parts.map(({ step }) => step),
      undo: parts.map(({ undo }) => undo),
      data: Object.assign({}, ...parts.map(({ data: given }) => given)) as { readonly [key: string]: Json },
    };
  },
  refusalOf,
};

/** What is reserved at another entity, what gives it back, and what the need is told of it. */
interface Part {
  readonly step: SagaStep;
  readonly undo: SagaStep;
  readonly data: { readonly [key: string]: Json };
}
interface Reserving {
  readonly reservationId: string;
  readonly needId: string;
  readonly amountFen: number;
}

const ofYear = (of: UnitAndYear, reserving: Reserving): Part => {
  const { reservationId, amountFen } = reserving;
  const unitYearId = unitYearIdOf(of);
  const reservation: FundReservation = { unitYearId, reservationId, unit: of.unit, departmentFen: amountFen };
  return {
    step: { ...toYear(unitYearId, 'reserve', { ...of, ...reserving }), starts: true },
    undo: toYear(unitYearId, 'release', { reservationId }),
    data: { reservation: { ...reservation } },
  };
};

const ofOwners = (decisionId: string, reserving: Reserving): Part => {
  const { reservationId, amountFen } = reserving;
  const owners: OwnersReservation = { decisionId, reservationId, fundFen: amountFen };
  return {
    step: toDecision(decisionId, 'reserve', reserving),
    undo: toDecision(decisionId, 'release', { reservationId }),
    data: { owners: { ...owners } },
  };
};

/** It is a saga all the same: that no other entity is needed follows from a state, which moves. */
const NOTHING = { before: [], undo: [] };

interface Held {
  readonly amountFen: number;
  readonly revision: number;
}
/** Only from what was seen to what is asked for: not from the same amount at another time. */
const resizing = (reservationId: string, from: Held, to: Held): YearDo<'resize'>['data'] => ({
  ...{ reservationId, ...to },
  ...{ beforeFen: from.amountFen, beforeRevision: from.revision },
});

/**
 * More money for works is reserved first; less is given back by reaction, behind the fact, so that whatever the need spends in between is still there. A
 * reservation that holds another amount by then than the need says refuses: two adjustments at once.
 */
export const adjustFundingSaga: Saga<NeedState, NeedDo<'adjust-funding'>> = {
  aggregate: 'need',
  type: 'adjust-funding',
  plan: ({ data: { deltaFen } }, state) => {
    if (!isAt(state, ['funded']) || state.money === undefined) return NOTHING;
    const { reservation, owners } = state.money;
    const adjusted = adjustedBy(state, deltaFen);
    if (adjusted === null) return NOTHING;
    const { departmentFen, ownersFen } = adjusted;
    if (reservation !== null && departmentFen !== null) {
      const { unitYearId, reservationId } = reservation;
      const move = moved(reservationId, reservation.departmentFen, departmentFen, reservation.revision);
      const data = { reservation: { ...reservation, departmentFen, revision: move.revision } };
      return planOf(deltaFen, data, toYear(unitYearId, 'resize', move.there), toYear(unitYearId, 'resize', move.back));
    }
    if (owners !== undefined && ownersFen !== null) {
      const { decisionId, reservationId } = owners;
      const move = moved(reservationId, owners.fundFen, ownersFen, owners.revision);
      const data = { owners: { ...owners, fundFen: ownersFen, revision: move.revision } };
      return planOf(deltaFen, data, toDecision(decisionId, 'resize', move.there), toDecision(decisionId, 'resize', move.back));
    }
    return NOTHING;
  },
  refusalOf,
};

/** What holds so much now, and is to hold so much more or less. */
const moved = (reservationId: string, beforeFen: number, amountFen: number, before = 0) => {
  const revision = before + 1;
  const [was, is] = [
    { amountFen: beforeFen, revision: before },
    { amountFen, revision },
  ];
  return { revision, there: resizing(reservationId, was, is), back: resizing(reservationId, is, was) };
};

const planOf = (deltaFen: number, data: { readonly [key: string]: Json }, there: SagaStep, back: SagaStep): SagaPlan =>
  deltaFen < 0 ? { before: [], undo: [], data } : { before: [there], undo: [back], data };
