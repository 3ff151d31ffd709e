import type { Actor } from '@qiyue/engine';
import { isPseudonym, type DeadlineStage, type PolicyDocument } from '@qiyue/civic-domain';
import type { NeedView } from '@qiyue/need-views';
import { actor, post, recipientKey, type Recipient } from '@qiyue/notices';
import { wokenBy } from './emergency';
import { groupsToldOf, type Group } from './telling';
import type { ToldEvent } from './told';

/** An event of a need, and the need just before and after it. */
export interface Occasion {
  readonly event: ToldEvent;
  readonly by: Actor;
  readonly before: NeedView | null;
  readonly after: NeedView;
}

/**
 * Who is told, each once, in the order of the table. Whoever did it, alone or as the holder of a post, is not told of it; nobody can be told
 * under a pseudonym.
 */
export const recipientsOf = (occasion: Occasion, policy: PolicyDocument): readonly Recipient[] => {
  const { event, before, after } = occasion;
  const all = [...groupsToldOf(event, policy), ...wokenBy(event, before, after)].flatMap((group) => membersOf(group, occasion));
  const posts = all.filter(({ kind }) => kind === 'post');
  const wanted = all.filter((recipient) => isSomebody(recipient) && !isBy(recipient, occasion.by) && !isToldByPost(recipient, after, posts));
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

const isSomebody = (recipient: Recipient): boolean => recipient.kind !== 'actor' || !isPseudonym(recipient.id);

const isBy = (recipient: Recipient, by: Actor): boolean =>
  recipient.kind === 'actor' ? recipient.id === by.id : recipient.unit !== null && recipient.role === by.role && recipient.unit === by.unit;

/** A community that wrote the need itself is told as the community, not a second time as the author. */
const isToldByPost = (recipient: Recipient, { author }: NeedView, posts: readonly Recipient[]): boolean =>
  recipient.kind === 'actor' &&
  recipient.id === author.id &&
  posts.some((told) => told.kind === 'post' && told.role === author.role && told.unit === author.unit);

const membersOf = (group: Group, occasion: Occasion): readonly Recipient[] => {
  const { before, after } = occasion;
  const led = after.unit === null ? (before ?? after) : after; // who gave it back is known from before
  switch (group) {
    case 'author':
      return [actor(after.author.id)];
    case 'followers':
      return after.followers.map(actor);
    case 'community':
      return [post('community', after.community)];
    case 'former-community':
      return before === null || before.community === after.community ? [] : [post('community', before.community)];
    case 'lead':
      return isEvaluation(occasion) ? evaluatorsOf(after) : units([led.unit]);
    case 'helpers':
      return isEvaluation(occasion) ? [] : units(led.helpers);
    case 'departments':
      return after.unit === null ? [post('department', null)] : [];
    case 'centre':
    case 'supervisor':
    case 'county':
      return [post(group, null)];
    case 'called':
      return calledBy(after);
    case 'waited-for':
      return waitedFor(occasion);
    case 'other-party':
      return occasion.event.type === 'ContractSigned' && occasion.event.data.party === 'department'
        ? [post('community', after.community)]
        : units([after.unit]);
  }
};

/** Steps of the evaluation's deadline are for those who have not evaluated: the lead has done its part. */
const isEvaluation = ({ event }: Occasion): boolean => STEPS.has(event.type) && 'stage' in event.data && event.data.stage === EVALUATION;
const STEPS: ReadonlySet<string> = new Set(['DeadlineApproaching', 'DeadlineMissed', 'Escalated']);
const EVALUATION: DeadlineStage = 'done';

/** Works that were reported wait for the community's acceptance, not for the lead any more. */
const waitedFor = (occasion: Occasion): readonly Recipient[] => {
  if (isEvaluation(occasion)) return evaluatorsOf(occasion.after);
  const { status, community, unit } = occasion.after;
  return status === 'at-acceptance' ? [post('community', community)] : units([unit]);
};

const evaluatorsOf = ({ evaluations, author, community }: NeedView): readonly Recipient[] => [
  ...(evaluations.resident === null ? [author.role === 'community' ? post('community', author.unit) : actor(author.id)] : []),
  ...(evaluations.community === null ? [post('community', community)] : []),
];

const calledBy = ({ whistle }: NeedView): readonly Recipient[] => {
  switch (whistle?.reach) {
    case 'named':
      return units(whistle.units);
    case 'all':
      return [post('department', null)];
    case 'centre':
      return [post('centre', null)];
    case undefined:
      return [];
  }
};

const units = (names: readonly (string | null)[]): readonly Recipient[] => names.flatMap((name) => (name === null ? [] : [post('department', name)]));
