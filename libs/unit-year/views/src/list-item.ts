import { standingOf, type DeadlineStanding } from '@qiyue/civic-views';
import { DEED_KINDS, type DeedKind } from '@qiyue/civic-domain';
import { isLive } from '@qiyue/unit-year-domain';
import type { UnitYearView } from './unit-year-view';

/** How many of a kind the year stands for, and how many of them are fulfilled. */
export interface PledgeCount {
  readonly promised: number;
  readonly fulfilled: number;
}

/** A unit's year in a list: what a row shows, without its money. */
export type UnitYearListItem = Pick<
  UnitYearView,
  'unitYearId' | 'seq' | 'unit' | 'year' | 'stage' | 'status' | 'publishedAt' | 'closedAt' | 'dueAt' | 'createdAt' | 'updatedAt'
> & { readonly counts: Readonly<Record<DeedKind, PledgeCount>> } & DeadlineStanding;

const countOf = ({ pledges }: UnitYearView, kind: DeedKind): PledgeCount => {
  const own = pledges.filter((pledge) => pledge.kind === kind);
  return {
    promised: own.filter((pledge) => isLive(pledge) || pledge.state === 'failed' || pledge.state === 'carried-over').length,
    fulfilled: own.filter(({ state }) => state === 'fulfilled').length,
  };
};

/** `now`: ISO 8601. */
export const toListItem = (view: UnitYearView, now: string): UnitYearListItem => ({
  unitYearId: view.unitYearId,
  seq: view.seq,
  unit: view.unit,
  year: view.year,
  stage: view.stage,
  status: view.status,
  counts: Object.fromEntries(DEED_KINDS.map((kind) => [kind, countOf(view, kind)])) as Record<DeedKind, PledgeCount>,
  publishedAt: view.publishedAt,
  closedAt: view.closedAt,
  dueAt: view.dueAt,
  createdAt: view.createdAt,
  updatedAt: view.updatedAt,
  ...standingOf(view, now),
});
