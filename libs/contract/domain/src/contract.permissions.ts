import { isSameUnit, ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import type { ContractCommand, ContractCommandType, Parties, Side } from './contract.commands';
import type { ContractState } from './contract.state';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'named-party' // the community or the department that the proposal itself names
  | 'own-side' // the community or the department of the contract
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const sides: Rules = { community: 'own-side', department: 'own-side' };
const clock: Rules = { system: 'clock' };

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<ContractCommandType, Rules>> = {
  propose: { community: 'named-party', department: 'named-party' },
  sign: sides,
  withdraw: sides,
  amend: sides,
  'agree-amendment': sides,
  'decline-amendment': sides,
  'finish-item': sides,
  evaluate: sides,
  terminate: sides,
  vouch: { system: 'system' },
  end: clock,
  'take-effect': clock,
  tick: clock,
  retime: { system: 'system' },
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: ContractCommandType, role: string): OwnershipRule | null => ruleForRole(PERMISSIONS[type], role);

/** The side that an actor is; null for neither. */
export const sideOf = ({ role, unit }: Pick<Actor, 'role' | 'unit'>, parties: Pick<Parties, 'unit' | 'community'>): Side | null => {
  if (role === 'community' && isSameUnit(parties.community, unit)) return 'community';
  return role === 'department' && isSameUnit(parties.unit, unit) ? 'unit' : null;
};

/** The side that gives a command: a proposal names both itself. */
export const sideGiving = (command: ContractCommand, state: ContractState, actor: Actor): Side | null => {
  if (command.type === 'propose') return sideOf(actor, command.data);
  return state.stage === 'nonexistent' ? null : sideOf(actor, state);
};

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, command: ContractCommand, state: ContractState, actor: Actor): boolean => {
  switch (rule) {
    case 'named-party':
    case 'own-side':
      return isOwnSide(command, sideGiving(command, state, actor));
    case 'clock':
      return actor.id === CLOCK_ACTOR.id;
    case 'system':
      return true; // no token can name this role
  }
};

/** Nobody evaluates for the other side. */
const isOwnSide = (command: ContractCommand, side: Side | null): boolean =>
  side !== null && (command.type !== 'evaluate' || command.data.side === side);
