import { isSameUnit, ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import type { UnitYearCommandType } from './unit-year.commands';
import type { UnitYearState } from './unit-year.state';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'anyone'
  | 'own-unit' // the department whose year it is
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const centre: Rules = { centre: 'anyone' };
const unit: Rules = { department: 'own-unit' };
const system: Rules = { system: 'system' };

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<UnitYearCommandType, Rules>> = {
  open: centre,
  'set-budget': centre,
  'adjust-budget': centre,
  pledge: unit,
  'amend-pledge': unit,
  'withdraw-pledge': unit,
  publish: centre,
  link: unit,
  unlink: unit,
  contest: { community: 'anyone' },
  settle: centre,
  'carry-over': centre,
  close: { centre: 'anyone', system: 'clock' },
  reserve: system,
  resize: system,
  commit: system,
  release: system,
  'fulfil-pledge': system,
  tick: { system: 'clock' },
  retime: system,
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: UnitYearCommandType, role: string): OwnershipRule | null => ruleForRole(PERMISSIONS[type], role);

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, state: UnitYearState, actor: Actor): boolean => {
  switch (rule) {
    case 'anyone':
      return true;
    case 'own-unit':
      return state.stage !== 'nonexistent' && isSameUnit(state.unit, actor.unit);
    case 'clock':
      return actor.id === CLOCK_ACTOR.id;
    case 'system':
      return true; // no token can name this role
  }
};
