import { isSameUnit, ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import type { ProjectCommand, ProjectCommandType } from './project.commands';
import type { ProjectState } from './project.state';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'anyone'
  | 'any-unit' // speaks for a unit
  | 'lead' // the unit that leads; of a plan, the one that it names
  | 'own-community' // the community that it is for; of a plan, the one that it names
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const parties: Rules = { department: 'lead', community: 'own-community', centre: 'anyone' };
const system: Rules = { system: 'system' };

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<ProjectCommandType, Rules>> = {
  plan: parties,
  join: { department: 'any-unit' },
  'add-need': parties,
  'add-resource': parties,
  start: parties,
  milestone: parties,
  finish: parties,
  cancel: parties,
  vouch: system,
  'plan-item': system,
  'need-moved': system,
  'resource-moved': system,
  tick: { system: 'clock' },
  close: { system: 'clock' },
  retime: system,
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: ProjectCommandType, role: string): OwnershipRule | null => ruleForRole(PERMISSIONS[type], role);

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, command: ProjectCommand, state: ProjectState, { id, unit }: Actor): boolean => {
  const { lead, community } = partiesOf(command, state);
  switch (rule) {
    case 'anyone':
    case 'system':
      return true; // no token can name the role `system`
    case 'any-unit':
      return unit !== null;
    case 'lead':
      return isSameUnit(lead, unit);
    case 'own-community':
      return isSameUnit(community, unit);
    case 'clock':
      return id === CLOCK_ACTOR.id;
  }
};

interface Parties {
  readonly lead: string;
  readonly community: string;
}

const partiesOf = (command: ProjectCommand, state: ProjectState): Parties => {
  if (state.stage !== 'nonexistent') return { lead: state.unit, community: state.community };
  const { unit = '', community = '' } = command.type === 'plan' ? command.data : {};
  return { lead: unit, community };
};
