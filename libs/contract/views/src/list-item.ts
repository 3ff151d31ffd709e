import { numbered, standingOf, type DeadlineStanding, type Numbered } from '@qiyue/civic-views';
import { nextDeadline, type ContractView } from './contract-view';

/** A contract in a list: what a row shows. */
export type ContractListItem = Pick<
  ContractView,
  'contractId' | 'seq' | 'unit' | 'community' | 'year' | 'stage' | 'status' | 'startsOn' | 'endsOn' | 'dueAt' | 'createdAt' | 'updatedAt'
> & { readonly counts: { readonly items: number; readonly finished: number } } & Numbered &
  DeadlineStanding;

/** `now`: ISO 8601. */
export const toListItem = (view: ContractView, now: string): ContractListItem => ({
  ...numbered(view.contractId, view.createdAt),
  ...{ contractId: view.contractId, seq: view.seq, unit: view.unit, community: view.community, year: view.year },
  ...{ stage: view.stage, status: view.status, startsOn: view.startsOn, endsOn: view.endsOn },
  counts: { items: view.items.length, finished: view.items.filter(({ finishedAt }) => finishedAt !== null).length },
  ...{ dueAt: nextDeadline(view).dueAt, createdAt: view.createdAt, updatedAt: view.updatedAt },
  ...standingOf({ ...view, ...nextDeadline(view) }, now),
});
