import type { Audience, PolicyDocument } from '@qiyue/civic-domain';
import type { TimedStage } from '@qiyue/decision-domain';
import type { DecisionView } from '@qiyue/decision-views';
import type { Actor } from '@qiyue/engine';
import { actor, post, recipientKey, type Occasion, type Recipient } from '@qiyue/notices';
import type { ToldEvent } from './told';

/** An event that somebody is told of, and the decision behind it. */
export type Told = Pick<Occasion<DecisionView>, 'by' | 'after'> & { readonly event: ToldEvent };

/** Who is told, each once. Whoever did it, as the holder of a post, is not told of it. */
export const recipientsOf = (told: Told, policy: PolicyDocument): readonly Recipient[] => {
  const wanted = wantedFor(told, policy).filter((recipient) => !isBy(recipient, told.by));
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

const isBy = (recipient: Recipient, { role, unit }: Actor): boolean =>
  recipient.kind === 'post' && recipient.unit !== null && recipient.role === role && recipient.unit === unit;

const AUTHORITY = post('authority', null);
/** The authority is waited for; in all other stages the community, or the owners, whom the community calls. */
export const AUTHORITYS: ReadonlySet<TimedStage> = new Set(['confirming', 'declared']);

const wantedFor = ({ event, after }: Told, { remind, missed, ladder }: PolicyDocument): readonly Recipient[] => {
  const community = post('community', after.community);
  const waitedFor = (stage: TimedStage): Recipient => (AUTHORITYS.has(stage) ? AUTHORITY : community);
  switch (event.type) {
    case 'DeadlineApproaching':
      return [waitedFor(event.data.stage), ...audience(remind.tells, after), ...(event.data.stage === 'voting' ? waitingOwners(after) : [])];
    case 'DeadlineMissed':
      return [waitedFor(event.data.stage), ...audience(missed.tells, after)];
    case 'Escalated':
      return audience(ladder.find(({ level }) => level === event.data.level)?.tells ?? [], after);
    case 'DeadlineMoved':
      return [waitedFor(event.data.stage)];
    case 'VoteCast':
      return event.data.replaces ? [community, ...(event.data.owner === null ? [] : [actor(event.data.owner)])] : [];
    case 'BallotOpened':
    case 'BallotClosed':
    case 'NoticePosted':
    case 'DecisionConfirmed':
    case 'DecisionFailed':
    case 'DecisionCancelled':
    case 'EmergencyConfirmed':
      return [community, ...owners(after)];
    case 'NoticeEnded':
    case 'DecisionChallenged':
    case 'EmergencyDeclared':
      return [community, AUTHORITY];
    case 'ChallengeSettled':
    case 'WarrantyStarted':
      return [community, AUTHORITY];
  }
};

/** A decision has a community, and no lead, author or helpers of its own. */
const audience = (tells: readonly Audience[], { community }: DecisionView): readonly Recipient[] =>
  tells.flatMap((one) => {
    if (one === 'community') return [post('community', community)];
    return one === 'centre' || one === 'supervisor' || one === 'county' ? [post(one, null)] : [];
  });

const idsOf = ({ roster }: DecisionView): readonly string[] => [...new Set(roster.flatMap(({ owner }) => (owner === null ? [] : [owner])))];
const owners = (view: DecisionView): readonly Recipient[] => idsOf(view).map(actor);
/** Those who have not voted. */
const waitingOwners = (view: DecisionView): readonly Recipient[] => {
  const voted = new Set(view.ballots.map(({ owner }) => owner));
  return idsOf(view)
    .filter((id) => !voted.has(id))
    .map(actor);
};
