import { lightOf, type Light } from './light';
import type { NeedView } from './need-view';

/** How a deadline stands at a moment. */
export interface DeadlineStanding {
  readonly light: Light;
  /** The highest rung that was climbed in the running stage. */
  readonly escalatedTo: number;
  /** Dates are missing until a calendar that covers them is imported. */
  readonly provisional: boolean;
}

/** A need in a list: what a card or a row shows, without anything personal. */
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
  | 'unit'
  | 'promisedBy'
  | 'round'
  | 'dueAt'
  | 'createdAt'
  | 'updatedAt'
> &
  DeadlineStanding;

export const standingOf = (view: NeedView, now: string): DeadlineStanding => ({
  light: lightOf(view, now),
  escalatedTo: view.clock?.escalatedTo ?? 0,
  provisional: view.clock?.provisional ?? false,
});

/** `now`: ISO 8601. */
export const toListItem = (view: NeedView, now: string): NeedListItem => ({
  needId: view.needId,
  seq: view.seq,
  stage: view.stage,
  status: view.status,
  title: view.title,
  kind: view.kind,
  category: view.category,
  urgency: view.urgency,
  scope: view.scope,
  community: view.community,
  unit: view.unit,
  promisedBy: view.promisedBy,
  round: view.round,
  dueAt: view.dueAt,
  createdAt: view.createdAt,
  updatedAt: view.updatedAt,
  ...standingOf(view, now),
});
