import { isAfter } from '@qiyue/civic-domain';
import { accept, refuse } from '@qiyue/engine';
import { challengerOf, standOf, tooMany } from '../challenges';
import type { DecisionEvent } from '../decision.events';
import { invalidBody, type Rule } from '../decision.ruling';
import type { DecisionStage, OverStage } from '../decision.state';
import { endOfDayAfter, NOBODY_WAITED_FOR, startStage } from '../decision.terms';

const DAYS_MAX = 365;

/** What has passed is posted before it is confirmed; an emergency behind its works. */
export const postNotice: Rule<'post-notice', 'passed' | 'emergency'> = ({ data }, state, context) => {
  const { days } = data;
  const { needId, terms } = state;
  if (!Number.isSafeInteger(days) || days < 1 || days > DAYS_MAX) return invalidBody('days');
  if (days < terms.noticeDaysMin) return refuse('notice-too-short', { min: terms.noticeDaysMin });
  if (state.stage === 'emergency' && (state.isNoticed || state.noticeEndsAt !== null))
    return refuse('wrong-stage', { command: 'post-notice', stage: state.stage });
  const endsAt = endOfDayAfter(context.now, days);
  const started = state.stage === 'passed' ? startStage('noticing', context, endsAt) : NOBODY_WAITED_FOR(context);
  return accept({ type: 'NoticePosted', data: { needId, ...data, endsAt, ...started } });
};

/** By the clock alone. */
export const endNotice: Rule<'end-notice', 'noticing' | 'emergency'> = (_, state, context) => {
  const { needId, noticeEndsAt } = state;
  if (noticeEndsAt === null || isAfter(noticeEndsAt, context.now)) return accept();
  const started = state.stage === 'noticing' ? startStage('confirming', context) : NOBODY_WAITED_FOR(context);
  return accept({ type: 'NoticeEnded', data: { needId, ...started } });
};

/** So many of each, and owners have places of their own: nobody keeps others from it, nor the authority from confirming, by challenging. */
export const challenge: Rule<'challenge', 'noticing' | 'emergency'> = ({ type, data: { reason } }, state, context) => {
  const { needId, challenges, noticeEndsAt, stage, electorate } = state;
  if (noticeEndsAt === null) return refuse('wrong-stage', { command: type, stage });
  const challenger = challengerOf(electorate, context);
  const refused = tooMany(challenges, challenger);
  if (refused !== null) return refuse(refused.code, { max: refused.max });
  return accept({ type: 'DecisionChallenged', data: { needId, challengeId: `c${challenges.count + 1}`, reason, ...challenger } });
};

/** Upheld, the decision falls; works of an emergency cannot be taken back. */
export const settle: Rule<'settle', Exclude<DecisionStage, OverStage>> = ({ data }, { needId, challenges, stage }) => {
  const stand = standOf(challenges, data.challengeId);
  if (stand === null) return refuse('no-such-challenge');
  if (stand === 'settled') return refuse('already-settled');
  const settled: DecisionEvent = { type: 'ChallengeSettled', data: { needId, ...data } };
  const falls = data.upheld && (stage === 'noticing' || stage === 'confirming');
  return falls ? accept<DecisionEvent>(settled, { type: 'DecisionFailed', data: { needId, cause: 'challenge-upheld' } }) : accept(settled);
};

export const confirm: Rule<'confirm', 'noticing' | 'confirming' | 'declared'> = ({ data }, state, context) => {
  const { needId, terms, challenges } = state;
  if (state.stage === 'declared') return accept({ type: 'EmergencyConfirmed', data: { needId, ...data, ...startStage('emergency', context) } });
  if (state.stage === 'noticing') return refuse('notice-running', { until: state.noticeEndsAt });
  const [open] = challenges.open;
  if (open !== undefined) return refuse('challenge-open', { challengeId: open.challengeId });
  return accept({ type: 'DecisionConfirmed', data: { needId, manner: terms.confirmation, ...data } });
};

/** Works that cannot wait for a vote, with an evidence of their own. */
export const declareEmergency: Rule<'declare-emergency', 'preparing'> = ({ data }, { needId, terms }, context) => {
  if (!terms.emergency) return refuse('emergency-off');
  if (data.basis.trim() === '') return invalidBody('basis');
  if (data.evidence.length === 0) return invalidBody('evidence');
  return accept({ type: 'EmergencyDeclared', data: { needId, ...data, ...startStage('declared', context) } });
};
