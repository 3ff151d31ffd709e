import { standingOf, type DeadlineStanding } from '@qiyue/civic-views';
import type { NeedView } from './need-view';

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
