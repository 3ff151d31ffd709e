import type { CommonRefusal } from '@qiyue/civic-domain';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type ContractRefusal =
  | CommonRefusal
  | 'already-signed' // this side has
  | 'amendment-pending' // one at a time, and nobody signs what is about to change
  | 'no-amendment' // there is none to agree to or to decline
  | 'own-amendment' // it is the other side's to agree
  | 'nothing-to-amend'
  | 'no-such-item'
  | 'other-parties' // a project for it is of another unit or community
  | 'item-finished' // what is done stays as it was agreed
  | 'item-not-finished' // it is evaluated when it is
  | 'already-evaluated' // each side once: each item, and the contract
  | 'not-ended' // the contract is evaluated when its time is over
  | 'under-notice'; // notice of termination was given before
