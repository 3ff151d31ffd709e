import { isEntityId, refuse, type Saga } from '@qiyue/engine';
import { MONEY_SINCE } from '@qiyue/need-domain';
import { isAt, TIMED_STAGES, type Do, type UnitYearState } from '@qiyue/unit-year-domain';

/** A pledge is linked to a need that lives and is of its kind: the need is asked before. */
export const linkSaga: Saga<UnitYearState, Do<'link'>> = {
  aggregate: 'unit-year',
  type: 'link',
  plan: ({ data: { pledgeId, needId } }, state) => {
    if (!isEntityId(needId)) return refuse('no-such-need');
    const pledge = isAt(state, TIMED_STAGES) ? state.pledges.find((each) => each.pledgeId === pledgeId) : undefined;
    if (pledge === undefined) return { before: [], undo: [] };
    return { before: [{ aggregate: 'need', entity: needId, type: 'vouch', data: { kind: pledge.kind }, rules: MONEY_SINCE }], undo: [null] };
  },
  refusalOf: ({ refusal }) => (refusal.code === 'other-kind' ? refusal : { code: 'no-such-need' }),
};
