import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { UnitYearRefusal } from '@qiyue/unit-year-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<UnitYearRefusal, CommonRefusal>> = {
  closed: conflict('该年度已结束。', 'The year is closed.'),
  'over-budget': conflict(
    '超出预算：可用 {availableFen} 分，已预留和支出 {usedFen} 分。',
    'The budget does not cover this: {availableFen} fen are available, {usedFen} fen are reserved or spent.',
  ),
  'no-budget': conflict('该单位本年度尚未核定预算。', 'No budget was set for this unit and year.'),
  'no-such-reservation': conflict('没有这笔预留资金。', 'There is no such reservation.'),
  'reservation-differs': conflict('该编号已用于另一笔预留资金。', 'This reservation was made for another need or amount.'),
  'reservation-ended': conflict('这笔预留资金已支出或已退回（{end}）。', 'This reservation has ended before: {end}.'),
  'over-reservation': conflict('超出预留金额（{reservedFen} 分）。', 'Only {reservedFen} fen are reserved for this.'),
  'too-many-reservations': conflict(
    '预留资金已达 {max} 笔，请先办结部分需求。',
    'There are {max} reservations already; some needs have to be finished first.',
  ),
  'no-such-pledge': conflict('没有这项承诺。', 'There is no such pledge.'),
  'too-many-pledges': conflict('一个年度最多登记 {max} 项承诺。', 'A year has at most {max} pledges, withdrawn ones included.'),
  'wrong-state': conflict('该承诺当前为“{state}”，不能进行此操作。', 'The pledge is "{state}" now; this cannot be done to it.'),
  'pledges-out-of-bounds': conflict(
    '承诺数量不符合要求：实事 {tangible} 件（应为 {tangibleMin} 至 {tangibleMax} 件），好事 {service} 件（应为 {serviceMin} 至 {serviceMax} 件）。',
    'Not as many pledges as there have to be: {tangible} tangible ones ({tangibleMin} to {tangibleMax}), {service} services ({serviceMin} to {serviceMax}).',
  ),
  'nothing-to-amend': conflict('没有要修改的内容。', 'There is nothing to amend.'),
  'already-published': conflict('承诺已公布，只能补充说明和完成日期。', 'The pledge is published: only its description and its date can change.'),
  'no-such-need': conflict('没有这项需求，或该需求已结束。', 'There is no such need, or it has ended.'),
  'need-taken': conflict('该需求已对应承诺 {pledgeId}。', 'This need fulfils pledge {pledgeId} already.'),
  'already-settled': conflict('对该承诺的异议已有结论。', 'A contest of this pledge was settled already.'),
  'other-kind': conflict('需求与承诺的类别（实事、好事）不一致。', 'The need is not of the kind of the pledge, which is "{kind}".'),
};

export const UNIT_YEAR_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
