import type { CommonRefusal } from '@qiyue/civic-domain';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type ProjectRefusal =
  | CommonRefusal
  | 'needs-open' // works of some of its needs are not done
  | 'too-many' // needs, resources, milestones or helpers
  | 'no-such-need' // said by the saga: there is none
  | 'need-ended' // said by the saga: it is evaluated, withdrawn, rejected or merged
  | 'in-another-project' // said by the need
  | 'other-parties' // said by the need or the contract: the project is not of theirs
  | 'no-such-contract' // said by the saga: there is none
  | 'no-such-item' // said by the contract
  | 'contract-not-in-force' // said by the saga
  | 'no-such-resource' // said by the saga: there is none
  | 'taken' // said by the resource: together with what is promised already it would be more than there is
  | 'not-available' // said by the resource: outside of the time for which it is offered
  | 'resource-unavailable'; // said by the saga: the resource refuses for another reason
