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
  | 'compound'
  | 'unit'
  | 'promisedBy'
  | 'round'
  | 'dueAt'
  | 'createdAt'
  | 'updatedAt'
>;

export const toListItem = (view: NeedView): NeedListItem => ({
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
  compound: view.compound,
  unit: view.unit,
  promisedBy: view.promisedBy,
  round: view.round,
  dueAt: view.dueAt,
  createdAt: view.createdAt,
  updatedAt: view.updatedAt,
});
