import type { NeedCommandType } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type { Recipient } from '@qiyue/notices';
import { isCallToAll, isUnconfirmedCall } from './emergency';
import type { ToldEvent, ToldType } from './told';

/** Events that come to somebody because something is to be done; of all others one is told, and asked for nothing. */
const ASKING: ReadonlySet<ToldType> = new Set<ToldType>([
  ...(['WorksReported', 'WorksRefused', 'WorksCancelled', 'NeedDone', 'NeedReopened', 'WhistleBlown', 'NeedDispatched', 'ClaimReturned'] as const),
  ...(['ContractSigned', 'ExtensionRequested', 'DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'ClockResumed'] as const),
]);

/** An event, and the need just before and after it. */
interface Told {
  readonly event: ToldEvent;
  readonly before: NeedView | null;
  readonly after: NeedView;
}

/** What this recipient is asked for by an event: a command that they may give at the need as it then is. Null: nothing. */
export const asksOf = ({ event, before, after }: Told, recipient: Recipient): NeedCommandType | null => {
  const { type } = event;
  if (isUnconfirmedCall(event, before, after) && hasAWord(after, recipient)) return 'confirm-urgency';
  if (!ASKING.has(type) && !isCallToAll(event, before, after)) return null;
  if (type === 'ContractSigned') return hasToSign(after, recipient) ? 'sign' : null;
  if (type === 'ExtensionRequested') return recipient.kind === 'post' && recipient.role === 'centre' ? 'grant' : null;
  return waitedFor(after, recipient);
};

/** Who can say whether it is an emergency. */
const hasAWord = ({ community }: NeedView, recipient: Recipient): boolean =>
  isPost(recipient, 'community', community) || (recipient.kind === 'post' && recipient.role === 'centre');

/** What a need waits for from somebody, by its stage. */
const waitedFor = (view: NeedView, recipient: Recipient): NeedCommandType | null => {
  switch (view.stage) {
    case 'submitted':
      return mayClaim(view, recipient) ? 'claim' : null;
    case 'claimed':
      return isPost(recipient, 'department', view.unit) ? 'fund' : null;
    case 'funded':
      if (view.status === 'at-acceptance') return isPost(recipient, 'community', view.community) ? 'accept' : null;
      return isPost(recipient, 'department', view.unit) ? 'complete' : null;
    case 'done':
      return hasToEvaluate(view, recipient) ? 'evaluate' : null;
    default:
      return null;
  }
};

const hasToSign = ({ contract, community, unit }: NeedView, recipient: Recipient): boolean =>
  (contract.community === null && isPost(recipient, 'community', community)) ||
  (contract.department === null && isPost(recipient, 'department', unit));

/** The centre only once nobody else has come. */
const mayClaim = ({ whistle }: NeedView, recipient: Recipient): boolean =>
  recipient.kind === 'post' && (recipient.role === 'department' || (recipient.role === 'centre' && whistle?.reach === 'centre'));

/** For a need of the community's own its residents evaluate, whoever they are: nobody of them can be asked by name. */
const hasToEvaluate = ({ evaluations, author, community }: NeedView, recipient: Recipient): boolean =>
  recipient.kind === 'actor'
    ? evaluations.resident === null && author.role !== 'community' && recipient.id === author.id
    : evaluations.community === null && isPost(recipient, 'community', community);

const isPost = (recipient: Recipient, role: string, unit: string | null): boolean =>
  recipient.kind === 'post' && recipient.role === role && unit !== null && recipient.unit === unit;
