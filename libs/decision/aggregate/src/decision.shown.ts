import { instantShown, stageTimeShownOf, standingShown } from '@qiyue/aggregate';
import { clockShown, lightShown } from '@qiyue/civic-contracts';
import { DECISION_MATTERS } from '@qiyue/civic-domain';
import { countingRule, DECISION_STAGES, DECISION_STATUSES, DECISION_TIMED_STAGES, tally, terms } from '@qiyue/decision-contracts';
import { CHANNELS, CHOICES, MEDIATION_OUTCOMES, STANCES } from '@qiyue/decision-domain';
import { z } from 'zod';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const instantOrNull = instantShown.nullable();
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const enumOf = <T extends string>(values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);
const count = z.int().min(0);
const fen = z.int().min(0);
const forSome = ' For those alone who may see it';

export const stageShown = enumOf(DECISION_STAGES);
export const matterShown = z.enum(DECISION_MATTERS);

const plan = z.object({
  number: count,
  parts: list(text),
  works: text,
  budgetFen: fen,
  warrantyEndedOn: maybe,
  from: text,
  to: text,
  contractor: maybe,
  splitBy: z.enum(['area', 'agreed-shares']),
  reason: maybe,
  at: instantShown,
});

const room = z.object({
  room: id,
  areaCm2: count,
  owner: maybe,
  shares: z.boolean(),
  decides: z.boolean(),
  pays: z.boolean(),
  shareFen: fen.nullable(),
});

const counting = z.object({
  ...{ rooms: count, decidingRooms: count, severalRooms: count, unsoldRooms: count, unsoldAreaCm2: count },
  ...{ neededPartAreaCm2: count, neededPartHeads: count, neededAgreeHeads: count },
  neededAgreeAreaCm2: count.nullable().meta({ description: 'Area that has to agree as the votes stand, cm²; null to most before the count' }),
});

const evidence = list(z.object({ kind: text, url: maybe.optional(), text: maybe.optional() }));
const choice = enumOf(CHOICES).nullable();
const channel = enumOf(CHANNELS);
const onPlan = { room: id, planNumber: count, at: instantShown };

/** Numbers that tell single votes, or who has voted, are null before the count, but for those who supervise it. */
const tallyShown = tally.extend({
  partAreaCm2: count.nullable().meta({ description: 'Exclusive area of those who have voted, cm²; null to most before the count' }),
  agreeAreaCm2: count.nullable().meta({ description: 'Exclusive area of those who agree, cm²; null to most before the count' }),
  agreeHeads: count.nullable().meta({ description: 'Owners who agree; null to most before the count' }),
  approval: z.boolean().nullable().meta({ description: 'Enough agree, in area and in heads; null to most before the count' }),
});

/** A decision as `GET /v1/decisions/{id}` answers it. */
export const decisionShown = z.object({
  decisionId: id,
  number: text,
  seq: count,
  needId: id,
  community: text,
  matter: matterShown,
  previous: maybe,
  stage: stageShown,
  status: enumOf(DECISION_STATUSES),
  plan,
  plans: list(plan),
  roster: list(room).meta({ description: `Each room, and what it pays.${forSome}` }),
  rosterHash: maybe,
  rule: countingRule,
  terms,
  tally: tallyShown,
  counting,
  ballot: z
    .object({
      ...{ openedAt: instantShown, closesAt: instantShown, channels: list(channel), closedAt: instantOrNull },
      cause: z.enum(['by-hand', 'deadline']).nullable(),
    })
    .nullable(),
  ballots: list(z.object({ owner: maybe, areaCm2: count, choice, channel, evidence, at: instantShown })).meta({
    description: `How each owner voted.${forSome}`,
  }),
  ownBallot: z
    .object({ choice, channel, areaCm2: count, at: instantShown })
    .nullable()
    .meta({ description: 'How the reader voted; null where they did not' }),
  councils: list(z.object({ notes: maybe, attended: count, at: instantShown })),
  visits: list(z.object({ ...onPlan, stance: enumOf(STANCES), notes: maybe })),
  objections: list(z.object({ ...onPlan, reason: maybe })),
  mediations: list(z.object({ ...onPlan, round: count, outcome: enumOf(MEDIATION_OUTCOMES).nullable(), notes: maybe })),
  signatures: list(z.object({ room: id, evidence, at: instantShown })),
  notice: z.object({ days: count, place: text, photos: list(text), postedAt: instantShown, endsAt: instantShown, endedAt: instantOrNull }).nullable(),
  challenges: list(
    z.object({
      ...{ challengeId: id, reason: maybe, at: instantShown },
      settled: z.object({ upheld: z.boolean(), reason: maybe, at: instantShown }).nullable(),
    }),
  ),
  emergency: z.object({ basis: text, evidence, declaredAt: instantShown, confirmedAt: instantOrNull }).nullable(),
  confirmation: z.object({ manner: z.enum(['approval', 'filing', 'emergency']), reference: maybe, note: maybe, at: instantShown }).nullable(),
  failedBy: z.enum(['failed-quorum', 'failed-approval', 'challenge-upheld']).nullable(),
  cancelled: z.object({ cause: z.enum(['by-hand', 'need-ended']), reason: maybe, at: instantShown }).nullable(),
  fund: z
    .object({ budgetFen: fen, reservedFen: fen, committedFen: fen, availableFen: fen, drawnFen: fen, owedFen: fen })
    .nullable()
    .meta({ description: 'In fen; null for those who may not see it' }),
  reservations: list(z.object({ reservationId: id, needId: id, amountFen: fen, since: instantShown })),
  draws: list(z.object({ amountFen: fen, reference: text, at: instantShown })),
  repayments: list(z.object({ amountFen: fen, reference: text, at: instantShown })),
  audit: z.object({ reference: text, at: instantShown }).nullable(),
  warranty: z.object({ startedAt: instantShown, endsAt: instantShown, endedAt: instantOrNull }).nullable(),
  clock: clockShown(enumOf(DECISION_TIMED_STAGES)).nullable(),
  stages: list(stageTimeShownOf(DECISION_TIMED_STAGES)),
  light: lightShown,
  dueAt: instantOrNull,
  createdAt: instantShown,
  updatedAt: instantShown,
  hash: text,
});

/** A decision in a list: without its owners and its money. */
export const decisionItem = decisionShown
  .pick({
    ...{ decisionId: true, number: true, seq: true, needId: true, community: true, matter: true, stage: true, status: true },
    ...{ dueAt: true, createdAt: true, updatedAt: true },
  })
  .extend({ works: text, budgetFen: fen, closesAt: instantOrNull, ...standingShown });
