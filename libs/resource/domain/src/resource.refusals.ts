import type { CommonRefusal } from '@qiyue/civic-domain';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type ResourceRefusal =
  | CommonRefusal
  | 'taken' // together with what is promised already it would be more than there is
  | 'promised' // a change would leave less of it, or less time, than is promised
  | 'not-available' // outside of the time for which it is offered
  | 'nothing-to-change'
  | 'no-such-reservation'
  | 'reservation-differs' // the id is taken by another span, quantity or purpose
  | 'reservation-ended' // it was used or freed before
  | 'over-reservation' // more would be used than was reserved
  | 'too-many-reservations'
  | 'no-such-purpose' // said by the saga: there is no such project or need
  | 'purpose-ended'; // said by the saga: that project or need is over
