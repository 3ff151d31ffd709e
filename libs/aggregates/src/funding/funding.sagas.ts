import { yearOf } from '@qiyue/civic-domain';
import { entityIdOf, fingerprintOf, type Refusal, type Saga } from '@qiyue/engine';
import { adjustedBy, departmentFenOf, isAt, MONEY_SINCE, type Do as NeedDo, type FundReservation, type NeedState } from '@qiyue/need-domain';
import { unitYearIdOf, type Do as YearDo } from '@qiyue/unit-year-domain';
import { toYear } from './unit-year.steps';

/** What the unit's year said, as a need says it. */
const refusalOf = ({ refusal }: { readonly refusal: Refusal }): Refusal => {
  switch (refusal.code) {
    case 'over-budget':
    case 'no-budget':
      return refusal;
    case 'closed':
    case 'too-late':
      return { code: 'year-closed' };
    default:
      return { code: 'funds-unavailable', detail: { why: refusal.code } };
  }
};

/**
 * What a department pays is reserved in its year before its need is funded: the year of that day in Shanghai, of the unit that leads the need. Given back at
 * once when the need refuses.
 */
export const fundSaga: Saga<NeedState, NeedDo<'fund'>> = {
  aggregate: 'need',
  type: 'fund',
  plan: ({ type, data }, state, { rules, now, entity, commandId, actor }) => {
    const departmentFen = rules < MONEY_SINCE ? 0 : departmentFenOf(data);
    if (departmentFen === 0 || !isAt(state, ['claimed'])) return null;
    const of = { unit: state.lead, year: yearOf(now) };
    const unitYearId = unitYearIdOf(of);
    // Another use of the command's id, which its own entity refuses, must not take this one back.
    const asked = fingerprintOf({ entity, type, data, actor });
    const reservationId = entityIdOf('reservation', asked, commandId);
    const reservation: FundReservation = { unitYearId, reservationId, unit: state.lead, departmentFen };
    return {
      before: [{ ...toYear(unitYearId, 'reserve', { ...of, reservationId, needId: entity, amountFen: departmentFen }), starts: true }],
      undo: [toYear(unitYearId, 'release', { reservationId })],
      data: { reservation: { ...reservation } },
    };
  },
  refusalOf,
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
    if (!isAt(state, ['funded'])) return NOTHING;
    const [reservation = null, adjusted] = [state.money?.reservation, adjustedBy(state, deltaFen)];
    if (reservation === null || adjusted === null || adjusted.departmentFen === null) return NOTHING;
    const { unitYearId, reservationId, departmentFen: beforeFen, revision: beforeRevision = 0 } = reservation;
    const [amountFen, revision] = [adjusted.departmentFen, beforeRevision + 1];
    const data = { reservation: { ...reservation, departmentFen: amountFen, revision } };
    if (deltaFen < 0) return { before: [], undo: [], data };
    const [was, is] = [
      { amountFen: beforeFen, revision: beforeRevision },
      { amountFen, revision },
    ];
    return {
      before: [toYear(unitYearId, 'resize', resizing(reservationId, was, is))],
      undo: [toYear(unitYearId, 'resize', resizing(reservationId, is, was))],
      data,
    };
  },
  refusalOf,
};
