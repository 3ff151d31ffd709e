import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { DecisionRefusal } from '@qiyue/decision-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<DecisionRefusal, CommonRefusal>> = {
  closed: conflict('该共同决定已结束（{stage}）。', 'The decision is over ({stage}).'),
  'not-eligible': conflict(
    '维修资金只能用于保修期满后的共用部位、共用设施设备：{reason}。',
    'The maintenance fund is for common parts and facilities after their warranty: {reason}.',
  ),
  'no-such-need': conflict('没有这项需求。', 'There is no such need.'),
  'no-such-rule': conflict('没有适用于该事项的表决规则。', 'The policy has no such rule of counting for this matter.'),
  'no-such-room': conflict('名册中没有房屋 {room}。', 'There is no room {room} on the roster.'),
  'no-such-owner': conflict('名册中没有这位业主。', 'There is no such owner on the roster.'),
  'room-twice': conflict('房屋 {room} 重复。', 'Room {room} stands there twice.'),
  'owners-alike': conflict(
    '房屋 {room} 与 {other} 的业主编号看起来相同，请核对名册。',
    'The ids of the owners of rooms {room} and {other} read alike; check the roster.',
  ),
  'no-such-previous': conflict(
    '没有本社区就该需求未通过的共同决定可供再次表决。',
    'There is no failed decision of this community on this need to vote on again.',
  ),
  'not-deciding': conflict('该业主在表决范围内没有房屋。', 'The owner has no room in the deciding scope.'),
  'channel-closed': conflict('不能以这种方式（{channel}）投票。', 'This ballot cannot be cast in this way ({channel}).'),
  'already-voted': conflict('该业主已经投票。', 'The owner has voted already.'),
  'no-ballot': conflict('房屋 {room} 的业主尚未投票。', 'The owner of room {room} has not voted yet.'),
  'already-signed': conflict('房屋 {room} 已经签字。', 'Room {room} has signed already.'),
  'count-differs': conflict('计票结果与已投的票不符。', 'The count is not of the ballots that were cast.'),
  'notice-too-short': conflict('公示期至少 {min} 天。', 'The notice has to be up for at least {min} days.'),
  'notice-running': conflict('公示尚未结束（{until}）。', 'The notice is up until {until}.'),
  'no-such-challenge': conflict('没有这项异议。', 'There is no such challenge.'),
  'already-settled': conflict('该异议已有结论。', 'The challenge was settled already.'),
  'challenge-open': conflict('异议 {challengeId} 尚未处理。', 'Challenge {challengeId} has to be settled first.'),
  'own-challenges-open': conflict('您有 {max} 项异议尚未处理。', 'You have {max} challenges that have to be settled first.'),
  'too-many-challenges': conflict('异议已达 {max} 项。', 'There are {max} challenges already.'),
  'emergency-off': conflict('本县未启用应急维修程序。', 'The policy of the county has no emergency branch.'),
  'funds-held': conflict('已预留或支出 {heldFen} 分，不能取消。', 'It cannot be given up: {heldFen} fen are reserved or spent.'),
  'over-draw': conflict('超出目前可拨付金额（{availableFen} 分）。', 'Only {availableFen} fen may be drawn by now.'),
  'over-owed': conflict('应退回的金额只有 {owedFen} 分。', 'Only {owedFen} fen have to be paid back.'),
  'already-audited': conflict('工程款已经审计。', 'The account was audited already.'),
  /** The need says so where another one is opened; the fund, which says so too, is asked for at the need. */
  'decision-open': conflict(
    '该需求已有一项业主共同决定正在进行，请待其确认、失败或取消后再发起。',
    'The owners are deciding about this need already; that decision has to be confirmed, fail or be given up first.',
  ),
  'decision-failed': conflict('该共同决定未通过或已取消（{stage}）。', 'The decision has failed or was given up ({stage}).'),
  'decision-missing': conflict('没有针对该需求使用维修资金的共同决定。', 'There is no decision of the owners to use the fund for this need.'),
  'over-plan': conflict('超出共同决定的预算：可用 {availableFen} 分。', 'The owners decided on less: {availableFen} fen are available.'),
  'no-such-reservation': conflict('没有这笔预留资金。', 'There is no such reservation.'),
  'reservation-differs': conflict('该编号已用于另一笔预留资金。', 'This reservation was made for another need or amount.'),
  'reservation-ended': conflict('这笔预留资金已支出或已退回（{end}）。', 'This reservation has ended before: {end}.'),
  'over-reservation': conflict('超出预留金额（{reservedFen} 分）。', 'Only {reservedFen} fen are reserved for this.'),
  'too-many-reservations': conflict('预留资金已达 {max} 笔。', 'There are {max} reservations already.'),
};

export const DECISION_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
