import { instantShown, stageTimeShownOf, standingShown } from '@qiyue/aggregate';
import { clockShown, lightShown } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { CONTRACT_STAGES, CONTRACT_STATUSES } from '@qiyue/contract-contracts';
import { SIDES, TIMED_STAGES } from '@qiyue/contract-domain';
import { z } from 'zod';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const day = text;
const instantOrNull = instantShown.nullable();
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const enumOf = <T extends string>(values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);
const count = z.int().min(0);

export const stageShown = enumOf(CONTRACT_STAGES);
export const statusShown = enumOf(CONTRACT_STATUSES);
const side = z.enum(SIDES);
const term = z.object({
  itemId: id,
  title: text,
  kind: z.enum(DEED_KINDS),
  quantity: z.number().nullable(),
  unit: maybe,
  dueOn: maybe,
});
const duties = z.object({ community: list(text), unit: list(text) });

/** A contract as `GET /v1/contracts/{id}` answers it. */
export const contractShown = z.object({
  contractId: id,
  number: text,
  seq: count,
  unit: text,
  community: text,
  year: z.int(),
  stage: stageShown,
  status: statusShown,
  proposedBy: side,
  items: list(term.extend({ finishedAt: instantOrNull })),
  duties,
  startsOn: day,
  endsOn: day,
  endsAt: instantShown,
  signatures: list(z.object({ side, by: maybe, at: instantShown })),
  amendment: z.object({ side, reason: maybe, items: list(term), duties, endsOn: day, at: instantShown }).nullable(),
  termination: z.object({ side, reason: maybe, at: instantShown, effectiveAt: instantShown }).nullable(),
  evaluations: list(z.object({ side, itemId: maybe, score: z.int().min(1).max(5), comment: maybe, at: instantShown })),
  outcome: z.enum(['evaluated', 'lapsed', 'unsigned', 'withdrawn', 'terminated']).nullable(),
  reason: maybe.meta({ description: 'Why it was withdrawn' }),
  inForceAt: instantOrNull,
  endedAt: instantOrNull,
  clock: clockShown(enumOf(TIMED_STAGES)).nullable(),
  itemClocks: list(clockShown(text)),
  stages: list(stageTimeShownOf(TIMED_STAGES)),
  light: lightShown,
  dueAt: instantOrNull.meta({ description: 'The next deadline that binds somebody' }),
  createdAt: instantShown,
  updatedAt: instantShown,
  hash: text,
});

/** A contract in a list. */
export const contractItem = contractShown
  .pick({
    ...{ contractId: true, number: true, seq: true, unit: true, community: true, year: true, stage: true, status: true },
    ...{ startsOn: true, endsOn: true, dueAt: true, createdAt: true, updatedAt: true },
  })
  .extend({ counts: z.object({ items: count, finished: count }), ...standingShown });
