import { ruleForRole, type Role } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Context, type RulesContext } from '@qiyue/engine';
import type { NeedCommand, NeedCommandType } from './need.commands';
import type { Author } from './need.events';
import { MISTAKES_SINCE } from './need.since';
import type { NeedState } from './need.state';

/** Which of the actors with a fitting role it has to be. */
export type OwnershipRule =
  | 'anyone'
  | 'author' // the same actor id, or the need's own name for it
  | 'own-community' // the need's community is the actor's unit
  | 'named-unit' // the unit in the body is the actor's unit
  | 'lead-unit' // the lead department is the actor's unit
  | 'named-helper' // the lead named the actor's unit as a helper
  | 'side' // the side in the body is the actor's
  | 'last-resort' // a unit is named by the centre, once the whistle has reached it (兜底)
  | 'volunteer' // a person of themselves, or the need's community for one
  | 'clock' // the engine's timer, nobody else
  | 'system'; // a process of ours, nobody else

type Rules = Readonly<Partial<Record<Role, OwnershipRule>>>;
const everyAuthor = (rule: OwnershipRule): Rules => ({ resident: rule, property: rule, grid: rule, community: rule });
const community: Rules = { community: 'own-community' };
const lead: Rules = { department: 'lead-unit' };

/** Role × command. A role that is not named is never permitted. */
export const PERMISSIONS: Readonly<Record<NeedCommandType, Rules>> = {
  submit: everyAuthor('anyone'),
  amend: everyAuthor('author'),
  withdraw: everyAuthor('author'),
  reject: community,
  merge: community,
  adopt: community,
  unadopt: community,
  inspect: community,
  claim: { department: 'named-unit', centre: 'last-resort' },
  return: lead,
  fund: { department: 'lead-unit', centre: 'anyone' },
  'adjust-funding': { centre: 'anyone' },
  'cancel-works': { centre: 'anyone' },
  start: lead,
  progress: lead,
  complete: lead,
  accept: { community: 'own-community', authority: 'anyone' },
  'refuse-works': { community: 'own-community', authority: 'anyone' },
  evaluate: everyAuthor('side'),
  reopen: community,
  whistle: { ...community, centre: 'anyone' },
  dispatch: { centre: 'anyone' },
  correct: { centre: 'anyone' },
  'confirm-urgency': { ...community, centre: 'anyone' },
  sign: { community: 'own-community', department: 'lead-unit' },
  pause: community,
  resume: community,
  'request-extension': lead,
  grant: { centre: 'anyone' },
  deny: { centre: 'anyone' },
  join: { department: 'named-helper' },
  'share-contact': everyAuthor('author'),
  'report-in': { ...everyAuthor('volunteer'), department: 'anyone' },
  vouch: { system: 'system' },
  'await-decision': { system: 'system' },
  'note-decision': { system: 'system' },
  'join-project': { system: 'system' },
  'leave-project': { ...community, ...lead, system: 'system' },
  close: { system: 'clock' },
  tick: { system: 'clock' },
  retime: { system: 'system' },
};

/** The rule for a role, or null when the role may never give the command. Roles come from tokens: any text. */
export const ownershipRuleOf = (type: NeedCommandType, role: string, { rules }: RulesContext): OwnershipRule | null =>
  type === 'whistle' && role === 'centre' && rules < MISTAKES_SINCE ? null : ruleForRole(PERMISSIONS[type], role);

/** Who gives a command, with the name that records of the need have for them. */
export type Giver = Pick<Context, 'actor' | 'alias'>;

/** Whether the actor, whose role fits, is the one that the rule means. */
export const isOwner = (rule: OwnershipRule, command: NeedCommand, state: NeedState, giver: Giver): boolean => {
  const { actor } = giver;
  switch (rule) {
    case 'anyone':
      return true;
    case 'author':
      return state.stage !== 'unborn' && isAuthor(state.author, giver);
    case 'own-community':
      return state.stage !== 'unborn' && state.community === actor.unit;
    case 'named-unit':
      return command.type === 'claim' && command.data.unit === actor.unit;
    case 'lead-unit':
      return 'lead' in state && state.lead === actor.unit;
    case 'named-helper':
      return 'helpers' in state && actor.unit !== null && state.helpers.includes(actor.unit);
    case 'side':
      return command.type === 'evaluate' && state.stage !== 'unborn' && speaksFor(command.data.side, state, giver);
    case 'volunteer':
      return command.type === 'report-in' && state.stage !== 'unborn' && maySendVolunteer(command.data.person, state, actor);
    case 'last-resort':
      return state.stage === 'submitted' && state.whistle?.reach === 'centre';
    case 'clock':
      return actor.id === CLOCK_ACTOR.id;
    case 'system':
      return true; // no token can name this role
  }
};

/** Needs from before there were pseudonyms name their author by the actor's id. No actor can have a pseudonym for an id. */
const isAuthor = ({ id }: Author, { actor, alias }: Giver): boolean => id === actor.id || (alias !== undefined && id === alias.id);

/** Nobody but the community writes down who else has come. */
const maySendVolunteer = (person: string | undefined, { community }: { readonly community: string }, { role, unit }: Giver['actor']): boolean =>
  role === 'community' ? unit === community : person === undefined;

/** The residents' side is the author; for a community's own need any resident-side actor of that community. */
const speaksFor = (side: 'resident' | 'community', need: { author: Author; community: string }, giver: Giver): boolean => {
  const { actor } = giver;
  if (side === 'community') return actor.role === 'community' && actor.unit === need.community;
  if (actor.role === 'community') return false;
  return need.author.role === 'community' ? actor.unit === need.community : isAuthor(need.author, giver);
};
