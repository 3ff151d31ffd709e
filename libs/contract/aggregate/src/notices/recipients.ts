import type { Audience, PolicyDocument } from '@qiyue/civic-domain';
import { missingEvaluations, SIDES, type Side } from '@qiyue/contract-domain';
import type { ContractView } from '@qiyue/contract-views';
import type { Actor } from '@qiyue/engine';
import { post, recipientKey, type Occasion, type Recipient } from '@qiyue/notices';
import type { ToldEvent } from './told';

/** An event that somebody is told of, and the contract behind it. */
export type Told = Pick<Occasion<ContractView>, 'by' | 'after'> & { readonly event: ToldEvent };

/** Who is told, each once. Whoever did it, as the holder of a post, is not told of it. */
export const recipientsOf = (told: Told, policy: PolicyDocument): readonly Recipient[] => {
  const wanted = postsFor(told, policy).filter((recipient) => !isBy(recipient, told.by));
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

const isBy = (recipient: Recipient, { role, unit }: Actor): boolean =>
  recipient.kind === 'post' && recipient.unit !== null && recipient.role === role && recipient.unit === unit;

export const postOf = (side: Side, { unit, community }: ContractView): Recipient =>
  side === 'community' ? post('community', community) : post('department', unit);

/** What one side does tells the other; what the clock does tells both. The steps of a deadline tell whoever is waited for and those that the policy names. */
const postsFor = ({ event, after }: Told, { remind, missed, ladder }: PolicyDocument): readonly Recipient[] => {
  switch (event.type) {
    case 'DeadlineApproaching':
      return [...waitedFor(after, event.data.stage), ...audience(remind.tells, after)];
    case 'DeadlineMissed':
      return [...waitedFor(after, event.data.stage), ...audience(missed.tells, after)];
    case 'Escalated':
      return [...waitedFor(after, event.data.stage), ...audience(ladder.find(({ level }) => level === event.data.level)?.tells ?? [], after)];
    case 'SignatureGiven':
      return after.signatures.length < SIDES.length ? bothOf(after) : [];
    default:
      return bothOf(after);
  }
};

const bothOf = (view: ContractView): readonly Recipient[] => SIDES.map((side) => postOf(side, view));

/** The sides whose signature or evaluation is missing; both while the contract runs. */
const waitedFor = (view: ContractView, deadline: string): readonly Recipient[] => missingSides(view, deadline).map((side) => postOf(side, view));

/** `deadline`: the stage, or the item, that it is about; left out: none. */
export const missingSides = ({ stage, signatures, items, evaluations }: ContractView, deadline?: string): readonly Side[] => {
  if (items.some(({ itemId }) => itemId === deadline))
    return SIDES.filter((side) => !evaluations.some((one) => one.side === side && one.itemId === deadline));
  if (stage === 'proposed') return SIDES.filter((side) => !signatures.some((one) => one.side === side));
  if (stage !== 'evaluating') return SIDES;
  const finished = items.flatMap(({ itemId, finishedAt }) => (finishedAt === null ? [] : [itemId]));
  const missing = missingEvaluations({ evaluated: evaluations, finished });
  return SIDES.filter((side) => missing.some((one) => one.side === side));
};

/** A contract has a lead, its unit, and a community; no author and no helpers. */
const audience = (tells: readonly Audience[], view: ContractView): readonly Recipient[] =>
  tells.flatMap((one) => {
    if (one === 'lead') return [postOf('unit', view)];
    if (one === 'community') return [postOf('community', view)];
    return one === 'centre' || one === 'supervisor' || one === 'county' ? [post(one, null)] : [];
  });
