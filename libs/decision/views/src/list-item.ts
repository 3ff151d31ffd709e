import { numbered, standingOf, type DeadlineStanding, type Numbered } from '@qiyue/civic-views';
import type { DecisionView } from './decision-view';

/** A decision in a list: what a row shows, without its owners and its money. */
export type DecisionListItem = Pick<
  DecisionView,
  'decisionId' | 'seq' | 'needId' | 'community' | 'matter' | 'stage' | 'status' | 'dueAt' | 'createdAt' | 'updatedAt'
> & { readonly works: string; readonly budgetFen: number; readonly closesAt: string | null } & Numbered &
  DeadlineStanding;

/** `now`: ISO 8601. */
export const toListItem = (view: DecisionView, now: string): DecisionListItem => ({
  ...numbered(view.decisionId, view.createdAt),
  ...{ decisionId: view.decisionId, seq: view.seq, needId: view.needId, community: view.community, matter: view.matter },
  ...{ stage: view.stage, status: view.status, works: view.plan.works, budgetFen: view.plan.budgetFen, closesAt: view.ballot?.closesAt ?? null },
  ...{ dueAt: view.dueAt, createdAt: view.createdAt, updatedAt: view.updatedAt },
  ...standingOf(view, now),
});
