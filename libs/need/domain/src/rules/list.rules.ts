import { accept, refuse, type Context } from '@qiyue/engine';
import type { ForNeed, NeedContent, NeedItem } from '../need.commands';
import { invalidBody, wrongStage, type Rule } from '../need.decision';
import { startDeadline } from '../need.policy';
import { changedWith, restarted } from './clock.rules';
import { undecidedRefusal } from './decision.rules';
import type { Author } from '../need.events';
import { isPerson, isSameUnit, type DeadlineStage } from '@qiyue/civic-domain';
import { PSEUDONYMS_SINCE } from '../need.persons';
import type { At, LedStage, NeedStage } from '../need.state';

const hasQuantity = (item: NeedItem): boolean => item.name.trim() !== '' && Number.isFinite(item.quantity) && item.quantity > 0;
const areItems = (items: readonly NeedItem[]): boolean => items.length > 0 && items.every(hasQuantity);

export const submit: Rule<'submit', 'unborn'> = ({ data }, _, context) => {
  if (!areItems(data.items)) return invalidBody('items');
  const { dueAt, under } = startDeadline(context, { stage: 'submitted', urgency: data.urgency, category: data.category });
  return accept({
    type: 'NeedSubmitted',
    data: {
      ...data,
      author: authorOf(context),
      submittedAt: context.now,
      claimBy: dueAt,
      ...under,
    },
  });
};

const authorOf = ({ actor: { id, role, unit }, alias }: Context): Author =>
  alias === undefined ? { id, role, unit } : { id: alias.id, role, unit, person: alias.person };

/** What a person wrote of themselves, which they may correct as long as somebody works with it (个人信息保护法 Art. 46). */
const CORRECTABLE: ReadonlySet<string> = new Set(['description', 'contact', 'compound', 'location', 'exactLocation'] satisfies (keyof NeedContent)[]);

/**
 * Another urgency or category starts the deadline anew: who has to claim learns of it only now. What was asked for stays as it was claimed;
 * what the author wrote of themselves can be corrected until the need is evaluated. What an office has said is no emergency they cannot call one again.
 */
export const amend: Rule<'amend', DeadlineStage> = (command, state, context) => {
  const { data } = command;
  if (Object.keys(data).length === 0) return refuse('nothing-to-amend');
  if (state.stage !== 'submitted')
    return Object.keys(data).every((name) => CORRECTABLE.has(name)) ? accept({ type: 'NeedAmended', data }) : wrongStage(command, state);
  if (data.items !== undefined && !areItems(data.items)) return invalidBody('items');
  if (data.urgency === 'emergency' && state.urgencyDenied === true) return refuse('urgency-settled');
  const moved = restarted({ urgency: data.urgency ?? state.urgency, category: data.category ?? state.category }, state, context);
  return changedWith({ type: 'NeedAmended', data }, moved, context);
};

/** Not while the owners are asked: the decision is cancelled first. */
export const withdraw: Rule<'withdraw', 'submitted'> = ({ data }, state, context) =>
  undecidedRefusal(state, context) ?? accept({ type: 'NeedWithdrawn', data });
export const reject: Rule<'reject', 'submitted'> = ({ data }, state, context) =>
  undecidedRefusal(state, context) ?? accept({ type: 'NeedRejected', data });
export const inspect: Rule<'inspect', 'submitted'> = ({ data }) => accept({ type: 'NeedInspected', data });

/** The second half of a merge: the target has adopted already, with the names under which it knows those who follow. */
export const merge: Rule<'merge', 'submitted'> = ({ data: { into } }, state, context) => {
  const { entity, rules } = context;
  if (into === entity) return refuse('same-need');
  if (state.adopted.length > 0) return refuse('has-adopted');
  const undecided = undecidedRefusal(state, context);
  if (undecided !== null) return undecided;
  return accept({ type: 'NeedMerged', data: { into, followers: rules >= PSEUDONYMS_SINCE && isNamedOpenly(state.author) ? [] : [state.author.id] } });
};

/** A person's need of before there were pseudonyms: no new record names them again. */
const isNamedOpenly = ({ role, person }: Author): boolean => isPerson(role) && person === undefined;

/** The first half of a merge, on the target. A repeated adoption is silence: the edge may try again. */
export const adopt: Rule<'adopt', NeedStage> = ({ data: { from, followers, persons } }, state, { entity }) => {
  if (from === entity) return refuse('same-need');
  if (state.stage !== 'submitted' && state.stage !== 'claimed' && state.stage !== 'funded') {
    return refuse('target-not-live', { stage: state.stage });
  }
  if (state.adopted.some((adoption) => adoption.from === from)) return accept();
  return accept({ type: 'NeedAdopted', data: { from, followers: [...new Set(followers)], ...(persons === undefined ? {} : { persons }) } });
};

/** Takes an adoption back when the source could not be merged; in any stage before the end, because time may have passed. */
export const unadopt: Rule<'unadopt', LedStage | 'submitted'> = (command, state) => {
  const { from } = command.data;
  if (state.status === 'closed') return wrongStage(command, state);
  return state.adopted.some((adoption) => adoption.from === from) ? accept({ type: 'NeedUnadopted', data: { from } }) : accept();
};

/**
 * Nothing happens: somebody wants to know that the need lives and is of a kind, or is theirs to do something for. One of before rules 4 does not know its
 * kind and vouches for any.
 */
export const vouch: Rule<'vouch', LedStage | 'submitted'> = (command, state) => {
  if (state.status === 'closed') return wrongStage(command, state);
  const { data } = command;
  if (!('kind' in data)) return isTheirs(state, data) ? accept() : refuse('not-permitted', { command: command.type, role: data.role });
  const { kind } = state;
  return kind === undefined || kind === data.kind ? accept() : refuse('other-kind', { kind });
};

/** Its community, the units that take part in it, and the centre. */
const isTheirs = (state: At<LedStage | 'submitted'>, { role, unit }: ForNeed): boolean => {
  if (role === 'department') return state.stage !== 'submitted' && [state.lead, ...state.helpers].some((name) => isSameUnit(name, unit));
  return role === 'centre' || (role === 'community' && isSameUnit(state.community, unit));
};
