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
  const groups = [...groupsToldOf(event, policy), ...wokenBy(event, before, after)];
  const all = [...groups.flatMap((group) => membersOf(group, occasion)), ...communitiesMovedBetween(occasion)];
  const wanted = all.filter((recipient) => isSomebody(recipient) && !isBy(recipient, occasion.by));
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

const isSomebody = (recipient: Recipient): boolean => recipient.kind !== 'actor' || !isPseudonym(recipient.id);

const isBy = (recipient: Recipient, by: Actor): boolean =>
  recipient.kind === 'actor' ? recipient.id === by.id : recipient.unit !== null && recipient.role === by.role && recipient.unit === by.unit;

/** The one that a need moves to, and the one that loses it, whatever moves it. */
const communitiesMovedBetween = ({ before, after }: Occasion): readonly Recipient[] =>
  before === null || before.community === after.community ? [] : [post('community', after.community), post('community', before.community)];

/** A community that wrote the need itself is told as the community. Whoever has evaluated hears of no step of that deadline. */
const authorOf = (occasion: Occasion): readonly Recipient[] => {
  const { author, evaluations } = occasion.after;
  if (author.role === 'community') return [post('community', author.unit)];
  return isEvaluation(occasion) && evaluations.resident !== null ? [] : [actor(author.id)];
};

const membersOf = (group: Group, occasion: Occasion): readonly Recipient[] => {
  const { before, after } = occasion;
  const led = after.unit === null ? (before ?? after) : after; // who gave it back is known from before
  switch (group) {
    case 'author':
      return authorOf(occasion);
    case 'followers':
      return isEvaluation(occasion) ? [] : after.followers.map(actor);
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
