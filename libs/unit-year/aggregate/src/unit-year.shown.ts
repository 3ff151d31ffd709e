import { instantShown, stageTimeShownOf, standingShown } from '@qiyue/aggregate';
import { clockShown, lightShown } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { PLEDGE_STATES, UNIT_YEAR_STAGES, UNIT_YEAR_STATUSES } from '@qiyue/unit-year-contracts';
import { TIMED_STAGES } from '@qiyue/unit-year-domain';
import { z } from 'zod';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const instantOrNull = instantShown.nullable();
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const enumOf = <T extends string>(values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);
const fen = z.int().min(0);

export const stageShown = enumOf(UNIT_YEAR_STAGES);
/** In fen. */
export const moneyShown = {
  grantedFen: fen.nullable().meta({ description: 'Null where no budget was set: then nothing bounds what is reserved' }),
  reservedFen: fen.meta({ description: 'Waits for the works of needs' }),
  committedFen: fen.meta({ description: 'Spent' }),
  availableFen: fen.nullable().meta({ description: 'granted − reserved − committed' }),
};

const contest = z.object({
  community: maybe,
  reason: maybe,
  at: instantShown,
  settled: z.object({ upheld: z.boolean(), reason: maybe, at: instantShown }).nullable(),
});

const pledge = z.object({
  pledgeId: id,
  kind: z.enum(DEED_KINDS).meta({ description: '`tangible` is 实事, `service` is 好事' }),
  title: text,
  description: maybe,
  community: maybe.meta({ description: 'Whom it is for; null: the whole county' }),
  targetBy: instantOrNull,
  state: enumOf(PLEDGE_STATES),
  needId: maybe.meta({ description: 'The need that fulfils it' }),
  fulfilledAt: instantOrNull.meta({ description: 'Its need was evaluated and satisfies' }),
  contest: contest.nullable(),
  reason: maybe.meta({ description: 'Why it was withdrawn or carried over' }),
  updatedAt: instantShown,
});

/** A unit's year as `GET /v1/unit-years/{id}` answers it. */
export const unitYearShown = z.object({
  unitYearId: id,
  seq: fen,
  unit: text,
  year: z.int(),
  stage: stageShown,
  status: enumOf(UNIT_YEAR_STATUSES),
  budget: z
    .object({ ...moneyShown, reference: maybe })
    .nullable()
    .meta({ description: 'In fen; null for those who may not see it' }),
  reservations: list(z.object({ reservationId: id, needId: id, amountFen: fen, since: instantShown })).meta({
    description: 'What waits for the works of which needs, since when; empty for those who may not see it',
  }),
  pledges: list(pledge),
  publishedAt: instantOrNull,
  closedAt: instantOrNull,
  closesAt: instantShown.meta({ description: 'The year’s end' }),
  clock: clockShown(enumOf(TIMED_STAGES)).nullable(),
  stages: list(stageTimeShownOf(TIMED_STAGES)),
  light: lightShown,
  dueAt: instantOrNull.meta({ description: 'The next deadline that binds somebody' }),
  createdAt: instantShown,
  updatedAt: instantShown,
  hash: text,
});

const count = z.object({
  promised: fen.meta({ description: 'Kept or not; without those that were withdrawn' }),
  fulfilled: fen,
});

/** A unit's year in a list: without its money. */
export const unitYearItem = unitYearShown
  .pick({
    ...{ unitYearId: true, seq: true, unit: true, year: true, stage: true, status: true },
    ...{ publishedAt: true, closedAt: true, dueAt: true, createdAt: true, updatedAt: true },
  })
  .extend({ counts: z.object({ tangible: count, service: count }), ...standingShown });
