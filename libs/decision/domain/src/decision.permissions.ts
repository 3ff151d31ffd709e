import { ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import type { DecisionCommand, DecisionCommandType } from './decision.commands';
import type { DecisionState, Existing } from './decision.state';
import { headOfRoom } from './electorate';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'anyone'
  | 'of-a-community' // it speaks for a community, whose decision it becomes
  | 'own-community' // the community that runs it
  | 'room-owner' // whom the roster names as the owner of the room or by the id that the command is about
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const community: Rules = { community: 'own-community' };
/** Who acts for themselves. */
const persons = <R extends OwnershipRule>(rule: R) => ({ resident: rule, property: rule, grid: rule });
const owners: Rules = persons('room-owner');
const system: Rules = { system: 'system' };
const clock: Rules = { system: 'clock' };

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<DecisionCommandType, Rules>> = {
  open: { community: 'of-a-community' },
  'hold-council': community,
  visit: community,
  object: { ...community, ...owners },
  mediate: community,
  'revise-plan': community,
  'open-ballot': community,
  vote: { ...community, ...owners },
  'close-ballot': { ...community, ...clock },
  sign: { ...community, ...owners },
  'post-notice': community,
  challenge: { ...community, ...persons('anyone') },
  settle: { ...community, authority: 'anyone' },
  confirm: { authority: 'anyone' },
  cancel: { ...community, authority: 'anyone' },
  'declare-emergency': community,
  draw: { ...community, authority: 'anyone' },
  repay: { ...community, authority: 'anyone' },
  'audit-account': { ...community, authority: 'anyone' },
  count: system,
  'take-up': system,
  reserve: system,
  resize: system,
  commit: system,
  release: system,
  'works-accepted': system,
  'need-ended': system,
  'end-notice': clock,
  'end-warranty': clock,
  tick: clock,
  retime: system,
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: DecisionCommandType, role: string): OwnershipRule | null => ruleForRole(PERMISSIONS[type], role);

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, command: DecisionCommand, state: DecisionState, { id, unit }: Actor): boolean => {
  switch (rule) {
    case 'anyone':
    case 'system':
      return true; // no token can name the role of `system`
    case 'of-a-community':
      return unit !== null;
    case 'own-community':
      return state.stage !== 'nonexistent' && unit !== null && state.community === unit;
    case 'room-owner':
      return state.stage !== 'nonexistent' && isRoomOwner(command, state, id);
    case 'clock':
      return id === CLOCK_ACTOR.id;
  }
};

const isRoomOwner = ({ data }: DecisionCommand, { electorate }: Existing, id: string): boolean => {
  if ('owner' in data && data.owner !== undefined) return data.owner === id;
  const head = 'room' in data && data.room !== undefined ? headOfRoom(electorate, data.room) : null;
  return head !== null && electorate.heads[head] === id;
};
