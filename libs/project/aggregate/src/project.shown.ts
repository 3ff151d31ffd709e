import { instantShown, standingShown } from '@qiyue/aggregate';
import { clockShown, lightShown } from '@qiyue/civic-contracts';
import { NEED_STAGES, PROJECT_STAGES, PROJECT_STATUSES } from '@qiyue/project-domain';
import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const count = z.int().min(0);
const instantOrNull = instantShown.nullable();
const day = z.string().meta({ format: 'date' }).nullable();
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();

const resource = z.object({
  resourceId: text,
  reservationId: text,
  quantity: count,
  from: instantShown,
  to: instantShown,
  state: z.enum(['reserved', 'used', 'freed']),
});

/** A project as `GET /v1/projects/{id}` answers it. */
export const projectShown = z.object({
  projectId: text,
  number: text,
  seq: count,
  stage: z.enum(PROJECT_STAGES),
  status: z.enum(PROJECT_STATUSES),
  title: text,
  unit: text,
  helpers: list(text),
  community: text,
  contractId: maybe,
  itemId: maybe,
  startsOn: day,
  endsOn: day,
  budgetFen: count.nullable(),
  needs: list(z.object({ needId: text, stage: z.enum(NEED_STAGES), movedAt: instantShown })),
  resources: list(resource),
  milestones: list(z.object({ milestoneId: text, title: text, note: maybe, dueOn: day, reachedAt: instantOrNull })),
  clocks: list(clockShown(text)),
  dueAt: instantOrNull.meta({ description: 'The soonest deadline, of the project or of a milestone' }),
  light: lightShown,
  startedAt: instantOrNull,
  finishedAt: instantOrNull,
  cancelledAt: instantOrNull,
  closesAt: instantOrNull,
  reason: maybe,
  createdAt: instantShown,
  updatedAt: instantShown,
  hash: text,
});

/** A project in a list. */
export const projectItem = projectShown
  .pick({
    ...{
      projectId: true,
      number: true,
      seq: true,
      stage: true,
      status: true,
      title: true,
      unit: true,
      helpers: true,
      community: true,
      contractId: true,
    },
    ...{ itemId: true, startsOn: true, endsOn: true, dueAt: true, startedAt: true, finishedAt: true, createdAt: true, updatedAt: true },
  })
  .extend(standingShown);
