import type { PublicDecisionCommandType } from '@qiyue/decision-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicDecisionCommandType, string>> = {
  open: 'open a decision of the owners on a need, with roster and plan',
  'hold-council': 'record a residents’ council',
  visit: 'record a visit to a household and where it stands',
  object: 'object to the plan, for a room',
  mediate: 'record a round of mediation with a household',
  'revise-plan': 'change the plan before the ballot; what was said stays with the plan of then',
  'open-ballot': 'open the ballot: the roster is frozen from here on',
  vote: 'cast the ballot of an owner, by room or owner',
  'close-ballot': 'close the ballot before it closes by itself, and count',
  sign: 'take the signature of a room whose ballot was cast',
  'post-notice': 'post the public notice for a number of days',
  challenge: 'challenge the decision while its notice is up',
  settle: 'decide a challenge, with a reason',
  confirm: 'approve the decision or take it to the files, as the authority; or confirm an emergency',
  cancel: 'give the decision up while no money is held for it',
  'declare-emergency': 'declare that the works cannot wait for a vote',
  draw: 'draw money that is held for the works',
  repay: 'record that money was paid back that was drawn and is not for the works any more',
  'audit-account': 'record that the account of the works was audited',
};
