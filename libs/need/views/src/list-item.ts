import { numbered, standingOf, type DeadlineStanding, type Numbered } from '@qiyue/civic-views';
import type { NeedView } from './need-view';
import { waitsForOf, type Waiting } from './waits-for';

/** A need in a list: what a card or a row shows. Nothing in it is personal but `compound`, which whoever shows it opens or takes out. */
export type NeedListItem = Pick<
  NeedView,
  | 'needId'
  | 'seq'
  | 'stage'
  | 'status'
  | 'title'
  | 'kind'
  | 'category'
  | 'urgency'
  | 'scope'
  | 'community'
  | 'compound'
  | 'unit'
  | 'promisedBy'
  | 'round'
  | 'dueAt'
  | 'createdAt'
  | 'updatedAt'
> &
  Numbered &
  DeadlineStanding & {
    readonly waitsFor: readonly Waiting[];
    /** A deadline was missed, in whichever stage, or is past now. */
    readonly late: boolean;
  };

/** `now`: ISO 8601. */
export const toListItem = (view: NeedView, now: string): NeedListItem => {
  const standing = standingOf(view, now);
  return {
    needId: view.needId,
    ...derivedOf(view),
    seq: view.seq,
    stage: view.stage,
    status: view.status,
    title: view.title,
    kind: view.kind,
    category: view.category,
    urgency: view.urgency,
    scope: view.scope,
    community: view.community,
    compound: view.compound,
    unit: view.unit,
    promisedBy: view.promisedBy,
    round: view.round,
    dueAt: view.dueAt,
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    ...standing,
    late: wasLate(view) || standing.light === 'red',
  };
};

/** A deadline was missed, in whichever stage, wherever it was moved since. */
export const wasLate = ({ stages }: Pick<NeedView, 'stages'>): boolean => stages.some(({ late }) => late === true);

/** What follows from a need's document alone and is shown with it. */
export const derivedOf = (view: NeedView): Pick<NeedListItem, 'number' | 'waitsFor'> => ({
  ...numbered(view.needId, view.createdAt),
  waitsFor: waitsForOf(view),
});
