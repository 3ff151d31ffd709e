import { numbered, type Numbered } from '@qiyue/civic-views';
import type { Reservation, ResourceKind, ResourceStage, ResourceStatus } from '@qiyue/resource-domain';

/** A resource as `GET /v1/resources/{id}` answers it. Absent values are null, and so is what a reader may not see. Times are ISO 8601 with +08:00. */
export interface ResourceView {
  readonly resourceId: string;
  readonly seq: number;
  readonly stage: ResourceStage;
  readonly status: ResourceStatus;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly giver: string;
  readonly giverRole: string;
  readonly quantity: number;
  /** What is counted. */
  readonly unit: string;
  /** Of what is used up, how much is gone. */
  readonly used: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly community: string | null;
  readonly compound: string | null;
  readonly conditions: string | null;
  readonly skills: readonly string[];
  readonly contact: string | null;
  readonly reservations: readonly Reservation[];
  readonly withdrawnAt: string | null;
  /** Why; null while it is offered, and where its time was over. */
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Hash of the last record folded in. */
  readonly hash: string;
}

const ITEM = [
  ...(['resourceId', 'seq', 'stage', 'status', 'kind', 'name', 'giver', 'quantity', 'unit', 'used'] as const),
  ...(['from', 'to', 'community', 'compound', 'conditions', 'skills', 'createdAt', 'updatedAt'] as const),
] as const;
/** A resource in a list: without its reservations and how the giver is reached. */
export type ResourceListItem = Pick<ResourceView, (typeof ITEM)[number]> & Numbered;
export const toListItem = (view: ResourceView): ResourceListItem =>
  ({ ...Object.fromEntries(ITEM.map((name) => [name, view[name]])), ...numbered(view.resourceId, view.createdAt) }) as ResourceListItem;
