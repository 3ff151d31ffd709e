import type { PublicContractCommandType } from '@qiyue/contract-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicContractCommandType, string>> = {
  propose: 'propose a contract of a unit and a community for a year, by either of the two',
  sign: 'sign for your side; the second signature brings it into force',
  withdraw: 'take the proposal back, or say that you will not sign it',
  amend: 'propose other terms; the other side has to agree',
  'agree-amendment': 'agree to what the other side wants changed',
  'decline-amendment': 'say no to what the other side wants changed, or take your own wish back',
  'finish-item': 'say that an item is done; both sides evaluate it then',
  evaluate: 'score the other side, for an item that is done or for the whole contract when it has ended',
  terminate: 'give notice of termination, with a reason; it takes effect when the notice is over',
};
