import { isSameUnit, ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import type { ResourceCommand, ResourceCommandType } from './resource.commands';
import type { ResourceState } from './resource.state';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'anyone'
  | 'any-unit' // speaks for a unit or a community
  | 'giver' // the department or community that gives it
  | 'giver-or-reserver' // or the one that has reserved it
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const both = (rule: OwnershipRule): Rules => ({ department: rule, community: rule });

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<ResourceCommandType, Rules>> = {
  offer: both('any-unit'),
  change: both('giver'),
  withdraw: both('giver'),
  reserve: { ...both('any-unit'), centre: 'anyone', system: 'system' },
  use: { ...both('giver-or-reserver'), centre: 'anyone', system: 'system' },
  free: { ...both('giver-or-reserver'), centre: 'anyone', system: 'system' },
  expire: { system: 'clock' },
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: ResourceCommandType, role: string): OwnershipRule | null => ruleForRole(PERMISSIONS[type], role);

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, command: ResourceCommand, state: ResourceState, actor: Actor): boolean => {
  switch (rule) {
    case 'anyone':
    case 'system':
      return true; // no token can name the role `system`
    case 'any-unit':
      return actor.unit !== null;
    case 'giver':
      return isGiver(state, actor);
    case 'giver-or-reserver':
      return isGiver(state, actor) || isReserver(command, state, actor);
    case 'clock':
      return actor.id === CLOCK_ACTOR.id;
  }
};

const isGiver = (state: ResourceState, { role, unit }: Actor): boolean =>
  state.stage !== 'nonexistent' && state.giverRole === role && isSameUnit(state.giver, unit);

const isReserver = ({ data }: ResourceCommand, state: ResourceState, { unit }: Actor): boolean => {
  if (state.stage === 'nonexistent' || !('reservationId' in data)) return false;
  const by = state.reservations.find(({ reservationId }) => reservationId === data.reservationId)?.reservedBy ?? null;
  return by !== null && isSameUnit(by, unit);
};
