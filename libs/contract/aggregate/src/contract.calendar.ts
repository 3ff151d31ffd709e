import { clockEntries, type CalendarEntry, type CalendarOwner, type CalendarSource } from '@qiyue/aggregate';
import { spokenNumberOf } from '@qiyue/civic-domain';
import type { ClockView } from '@qiyue/civic-views';
import { TIMED_STAGES, type Side, type TimedStage } from '@qiyue/contract-domain';
import type { ContractView } from '@qiyue/contract-views';
import { missingSides } from './notices/recipients';
import { ZH_DUE, zhThis } from './notices/templates';

const sideOf = ({ role }: CalendarOwner): Side | null => (role === 'community' ? 'community' : role === 'department' ? 'unit' : null);

/** Signatures, evaluations and the end of a contract, for the side that they wait for. */
export const contractCalendar: CalendarSource<ContractView> = {
  conditionsOf: (owner) => {
    const side = sideOf(owner);
    if (side === null || owner.unit === null) return null;
    const dated = [{ 'view.dueAt': { $gt: '' } }, { 'view.itemClocks.dueAt': { $gt: '' } }];
    return { [`view.${side}`]: owner.unit, 'view.stage': { $in: TIMED_STAGES }, $or: dated };
  },
  isPersons: () => false,
  entriesOf: (view, owner) => {
    const side = sideOf(owner);
    const clocks = [...(view.clock === null ? [] : [view.clock]), ...view.itemClocks];
    return clocks.filter(({ stage }) => side !== null && missingSides(view, stage).includes(side)).flatMap((clock) => entryOf(view, clock));
  },
};

const entryOf = (view: ContractView, clock: ClockView): readonly CalendarEntry[] => {
  const { contractId, seq, updatedAt, createdAt, items } = view;
  const item = items.find(({ itemId }) => itemId === clock.stage);
  return clockEntries(clock, clock.dueAt, {
    ...{ id: contractId, seq, updatedAt },
    deed: item === undefined ? ZH_DUE[clock.stage as TimedStage] : `双方评价项目“${item.title}”`,
    title: zhThis(view),
    about: [spokenNumberOf(contractId, createdAt)],
  });
};
