import type { Audience, PolicyDocument } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { post, recipientKey, type Occasion, type Recipient } from '@qiyue/notices';
import type { ToldEvent } from './told';

/** An event that somebody is told of, and the year behind it. */
export type Told = Pick<Occasion<UnitYearView>, 'by' | 'after'> & { readonly event: ToldEvent };

/** Who is told, each once. Whoever did it, as the holder of a post, is not told of it. */
export const recipientsOf = (told: Told, policy: PolicyDocument): readonly Recipient[] => {
  const wanted = postsFor(told, policy).filter((recipient) => !isBy(recipient, told.by));
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

const isBy = (recipient: Recipient, { role, unit }: Actor): boolean =>
  recipient.kind === 'post' && recipient.unit !== null && recipient.role === role && recipient.unit === unit;

/** The steps of a deadline tell those that the policy names, and whoever is waited for: the unit, and while nothing is published the centre too. */
const postsFor = ({ event, after }: Told, { remind, missed, ladder }: PolicyDocument): readonly Recipient[] => {
  const unit = post('department', after.unit);
  const centre = post('centre', null);
  const waitedFor = after.stage === 'pledging' ? [unit, centre] : [unit];
  switch (event.type) {
    case 'DeadlineApproaching':
      return [...waitedFor, ...audience(remind.tells, after)];
    case 'DeadlineMissed':
      return [...waitedFor, ...audience(missed.tells, after)];
    case 'Escalated':
      return audience(ladder.find(({ level }) => level === event.data.level)?.tells ?? [], after);
    case 'DeadlineMoved':
      return waitedFor;
    case 'PledgeContested':
      return [unit, centre];
    case 'PledgeSettled':
      return [unit, ...contesterOf(event.data.pledgeId, after)];
    case 'PledgeFailed':
      return [unit];
  }
};

/** A year has a lead, its unit, and no author, helpers or community of its own. */
const audience = (tells: readonly Audience[], { unit }: UnitYearView): readonly Recipient[] =>
  tells.flatMap((one) => {
    if (one === 'lead') return [post('department', unit)];
    return one === 'centre' || one === 'supervisor' || one === 'county' ? [post(one, null)] : [];
  });

const contesterOf = (id: string, { pledges }: UnitYearView): readonly Recipient[] => {
  const community = pledges.find(({ pledgeId }) => pledgeId === id)?.contest?.community ?? null;
  return community === null ? [] : [post('community', community)];
};
