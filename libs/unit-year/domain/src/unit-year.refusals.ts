import type { CommonRefusal } from '@qiyue/civic-domain';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type UnitYearRefusal =
  | CommonRefusal
  | 'closed' // the year is over: only money that was reserved still moves
  | 'over-budget' // the budget does not cover it, or would not cover what is reserved and spent
  | 'no-budget' // none was set, and there has to be one
  | 'no-such-reservation'
  | 'reservation-differs' // the id is taken by another need or amount
  | 'reservation-ended' // it was committed or released before
  | 'over-reservation' // more would be spent than was reserved
  | 'too-many-reservations'
  | 'no-such-pledge'
  | 'too-many-pledges'
  | 'wrong-state' // of the pledge
  | 'pledges-out-of-bounds' // fewer or more of a kind than the policy says
  | 'nothing-to-amend'
  | 'already-published' // what was promised in public stays as it was promised
  | 'no-such-need' // there is none, or it has ended
  | 'need-taken' // another pledge of the year has this need
  | 'already-settled' // a pledge is contested once
  | 'other-kind'; // said by the need that is to be linked: a 好事 does not fulfil a 实事, nor the other way round
