import { instantShown } from '@qiyue/aggregate';
import { RESOURCE_KINDS, RESOURCE_STAGES, RESOURCE_STATUSES } from '@qiyue/resource-domain';
import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const count = z.int().min(0);
const instantOrNull = instantShown.nullable();

const reservation = z.object({
  reservationId: text,
  quantity: count,
  from: instantShown,
  to: instantShown,
  projectId: maybe,
  needId: maybe,
  reservedAt: instantShown,
  reservedBy: maybe,
  isUsed: z.boolean(),
});

/** A resource as `GET /v1/resources/{id}` answers it. */
export const resourceShown = z.object({
  resourceId: text,
  number: text,
  seq: count,
  stage: z.enum(RESOURCE_STAGES),
  status: z.enum(RESOURCE_STATUSES),
  kind: z.enum(RESOURCE_KINDS),
  name: text,
  giver: text,
  giverRole: text,
  quantity: count,
  unit: text,
  used: count,
  from: instantOrNull,
  to: instantOrNull,
  community: maybe,
  compound: maybe,
  conditions: maybe,
  skills: z.array(text).readonly(),
  contact: maybe,
  reservations: z.array(reservation).readonly(),
  withdrawnAt: instantOrNull,
  reason: maybe,
  createdAt: instantShown,
  updatedAt: instantShown,
  hash: text,
});

export const resourceItem = resourceShown.omit({ giverRole: true, contact: true, reservations: true, withdrawnAt: true, reason: true, hash: true });
