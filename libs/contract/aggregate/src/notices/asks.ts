import type { ContractCommandType } from '@qiyue/contract-domain';
import type { ContractView } from '@qiyue/contract-views';
import { recipientKey, type Recipient } from '@qiyue/notices';
import { missingSides, postOf, type Told } from './recipients';

/** What this recipient is asked for by an event: a command that they may give at the contract as it then is. Null: nothing. */
export const asksOf = ({ event, after }: Pick<Told, 'event' | 'after'>, recipient: Recipient): ContractCommandType | null => {
  switch (event.type) {
    case 'ContractProposed':
    case 'SignatureGiven':
      return wordOf(after, 'proposed', recipient);
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
      return wordOf(after, event.data.stage, recipient);
    default:
      return null;
  }
};

/** By which command a deadline is met, of a side that it waits for. While the contract is kept, no one word meets it. `deadline`: a stage, or an item. */
const wordOf = (view: ContractView, deadline: string, recipient: Recipient): ContractCommandType | null => {
  const isItem = view.items.some(({ itemId }) => itemId === deadline);
  if (!isItem && (deadline !== view.stage || deadline === 'in-force')) return null;
  const isWaitedFor = missingSides(view, deadline).some((side) => recipientKey(postOf(side, view)) === recipientKey(recipient));
  return isWaitedFor ? (deadline === 'proposed' ? 'sign' : 'evaluate') : null;
};
