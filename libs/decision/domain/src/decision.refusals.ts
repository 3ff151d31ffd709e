import type { CommonRefusal, MoneyRefusal } from '@qiyue/civic-domain';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type DecisionRefusal =
  | CommonRefusal
  | MoneyRefusal
  | 'closed' // it has failed, was cancelled, or is over
  | 'not-eligible' // the fund may not be used for this: no common part, or still under warranty
  | 'no-such-need'
  | 'no-such-rule' // of counting, for this matter
  | 'no-such-room'
  | 'no-such-owner'
  | 'room-twice' // or one that reads like another
  | 'owners-alike' // two owners whose ids read alike
  | 'no-such-previous' // no failed decision on this need, by this community
  | 'not-deciding' // the owner has no room in the deciding scope
  | 'channel-closed' // the ballot does not take it, or it is not this actor's
  | 'already-voted'
  | 'no-ballot' // a signature belongs to a ballot that was cast
  | 'already-signed'
  | 'count-differs' // not of these ballots, or not of all that were cast
  | 'notice-too-short'
  | 'notice-running' // it is confirmed when its notice is over
  | 'no-such-challenge'
  | 'already-settled'
  | 'challenge-open'
  | 'own-challenges-open' // of whoever challenges: some have to be settled first
  | 'too-many-challenges'
  | 'emergency-off' // the county's policy has no such branch
  | 'funds-held' // money waits for its works, or was spent on them
  | 'over-draw' // more than may be drawn by now
  | 'over-owed' // more than has to be paid back
  | 'already-audited'
  | 'decision-open' // not yet passed and confirmed
  | 'decision-failed'
  | 'decision-missing' // of another need, or about something else than the fund
  | 'over-plan'; // above what the owners decided
