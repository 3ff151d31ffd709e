import { COMMON_REFUSALS, type CommonRefusal } from '@qiyue/civic-domain';

const OWN = [
  'nothing-to-amend',
  'same-need', // a need cannot be merged into itself
  'has-adopted', // a need that adopted others cannot be merged away
  'target-not-live', // only a submitted, claimed or funded need can adopt
  'decision-missing', // maintenance fund without a passed owners' decision
  'over-budget', // the department's budget does not cover it, or the works cost more than was funded
  'no-budget', // the department has none, and the policy wants one
  'year-closed', // the department's year takes no new money
  'funds-unavailable', // the department's year cannot take it for another reason
  'lead-changed', // another unit leads by now than the one whose money was reserved
  'other-kind', // 实事 and 好事 do not stand for each other
  'other-community', // the owners are asked by the need's own community
  'decision-open', // the owners, or the authority, have not decided yet
  'decision-failed', // they have, against it
  'over-plan', // more than the owners have decided on
  'works-too-early', // no works before the owners' decision is confirmed
  'authority-only', // what the maintenance fund pays is accepted by the authority
  'in-another-project',
  'not-in-project',
  'other-parties', // the project is neither of its community nor of its lead
  'not-called', // the whistle has not called this unit
  'not-reopened', // rework without new money is for reopened needs
  'not-adjustable', // rework, and what was funded before there were reservations
  'already-started',
  'already-evaluated', // each side once per round
  'already-signed', // each party once per claim
  'already-joined', // a helper accepts once per claim
  'already-shared', // the unit has the contact already
  'bad-promise', // promised for a day that is over, or farther off than the policy lets a lead promise
  'bad-answer-by', // a date to answer by that is over, behind an emergency's own deadline, or farther off than the policy lets anybody wait
  'no-emergency', // nobody calls it one, or not any more
  'urgency-settled', // an office has said that it is no emergency: its author cannot call it one again
  'already-confirmed', // an office has said so
  'already-paused',
  'not-paused',
  'already-extended', // once per stage, whatever became of it
  'too-long', // more working days than the policy allows
  'no-request', // no extension was asked for, or it was answered
  'no-deadline', // no deadline runs that this could change
] as const;

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type NeedRefusal = CommonRefusal | (typeof OWN)[number];

export const NEED_REFUSAL_CODES: readonly string[] = [...Object.keys(COMMON_REFUSALS), ...OWN];
