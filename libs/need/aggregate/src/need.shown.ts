import { clockShown, lightShown } from '@qiyue/civic-contracts';
import { DEED_KINDS, DEADLINE_STAGES, type DeadlineStage } from '@qiyue/civic-domain';
import { NEED_STAGES, NEED_STATUSES } from '@qiyue/need-contracts';
import { WAITED_DEEDS, WAITED_PARTIES } from '@qiyue/need-views';
import { z } from 'zod';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const instant = z.string().meta({ format: 'date-time' });
const instantOrNull = instant.nullable();
const seq = z.int().min(0);
const round = z.int().min(1);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const actor = z.object({ id, role: text, unit: maybe });
const stage = z.enum(NEED_STAGES);
const status = z.enum(NEED_STATUSES);
const kind = z.enum(DEED_KINDS);
const urgency = z.enum(['normal', 'urgent', 'emergency']).nullable();
const scope = z.enum(['common', 'private']).nullable();
const source = z.enum(['department', 'maintenance-fund', 'donation', 'mixed', 'rework']);
const fen = z.int().min(0);
const verdict = z.object({ score: z.literal([1, 2, 3, 4, 5]), satisfied: z.boolean(), comment: maybe, at: instant }).nullable();

const deadlineStage = z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]);
const clock = clockShown(deadlineStage);
const stageTime = z.object({
  stage: deadlineStage,
  round,
  unit: maybe,
  from: instant,
  dueAt: instantOrNull,
  endedAt: instantOrNull,
  late: z.boolean().nullable(),
  escalatedTo: seq,
});
export const standing = { light: lightShown, escalatedTo: seq, provisional: z.boolean() };

/** What follows from the document alone. */
const derived = {
  number: text,
  waitsFor: list(z.object({ who: z.enum(WAITED_PARTIES), names: list(text), what: z.enum(WAITED_DEEDS) })),
};

/** A need as `GET /v1/needs/{id}` answers it. */
export const needShown = z.object({
  needId: id,
  ...derived,
  seq,
  stage,
  status,
  title: text,
  description: maybe,
  kind,
  category: maybe,
  urgency,
  urgencyConfirmed: z.boolean().nullable(),
  items: list(z.object({ name: text, quantity: z.number(), unit: text })),
  community: text,
  compound: maybe,
  location: z
    .object({ lat: z.number(), lng: z.number() })
    .nullable()
    .meta({ description: 'To a hundredth of a degree for those who may not see it exactly' }),
  contact: maybe.meta({ description: 'Null for those who may not see it' }),
  scope,
  photos: list(text).meta({ description: 'Of what it is about; empty for those who may not see them' }),
  author: actor,
  unit: maybe.meta({ description: 'The lead department' }),
  helpers: list(text).meta({ description: 'Named by the lead; `joined` are those that have accepted' }),
  joined: list(text),
  contactSharedWith: list(text).meta({ description: 'Departments that the author let have the contact' }),
  plan: maybe,
  promisedBy: instantOrNull,
  funding: list(
    z.object({
      round,
      amountFen: fen.meta({ description: 'In fen, as it was adjusted last' }),
      source,
      reference: text,
      unit: maybe,
      at: instant,
      split: z.object({ departmentFen: fen.exactOptional(), donationFen: fen.exactOptional(), fundFen: fen.exactOptional() }).exactOptional(),
      decisionId: id.exactOptional().meta({ description: 'Of the owners’ decision that allows what the maintenance fund pays' }),
      finalCostFen: fen.exactOptional().meta({ description: 'What the works have cost, where that was reported' }),
      cancelledAt: instant.exactOptional().meta({ description: 'The works do not come; what was reserved is given back' }),
    }),
  ),
  evidence: list(z.object({ round, kind: text, url: maybe, text: maybe, at: instant })),
  progress: list(z.object({ round, note: maybe, photos: list(text), at: instant })),
  inspection: z.object({ notes: maybe, photos: list(text), at: instant }).nullable(),
  evaluations: z.object({ resident: verdict, community: verdict }),
  round,
  reason: maybe,
  mergedInto: maybe,
  adopted: list(z.object({ from: id, followers: list(id) })),
  followers: list(id),
  deadlines: z.object({
    claimBy: instantOrNull,
    fundBy: instantOrNull,
    returnUntil: instantOrNull,
    doneBy: instantOrNull,
    evaluateBy: instantOrNull,
    closesAt: instantOrNull,
  }),
  clock: clock.nullable(),
  whistle: z
    .object({
      ...{ reach: z.enum(['named', 'all', 'centre']), units: list(text), answerBy: instantOrNull, at: instant },
      answers: list(
        z.object({ unit: text, answer: z.enum(['coming', 'not-ours', 'later']), reason: maybe, at: instantOrNull, reportedAt: instant }),
      ).exactOptional(),
    })
    .nullable(),
  contract: z.object({ community: instantOrNull, department: instantOrNull }),
  volunteers: list(z.object({ person: maybe, at: instantOrNull, reportedAt: instant })),
  decision: z.object({ decisionId: id, progress: z.enum(['open', 'passed', 'confirmed', 'emergency', 'failed', 'cancelled']) }).nullable(),
  projectId: maybe,
  lapsed: z.object({ missing: list(z.enum(['resident', 'community'])), at: instant }).nullable(),
  stages: list(stageTime),
  light: lightShown,
  dueAt: instantOrNull.meta({ description: 'The next deadline that binds somebody' }),
  createdAt: instant,
  updatedAt: instant,
  hash: text,
  omitted: z
    .object({
      progress: round.exactOptional(),
      evidence: round.exactOptional(),
      adopted: round.exactOptional(),
      stages: round.exactOptional(),
      funding: round.exactOptional(),
      volunteers: round.exactOptional(),
    })
    .exactOptional()
    .meta({ description: 'Only where lists became too long for one document: how many of their oldest entries stand in the history alone' }),
});

/** A need in a list. */
export const needItem = needShown
  .pick({
    needId: true,
    number: true,
    waitsFor: true,
    seq: true,
    stage: true,
    status: true,
    title: true,
    kind: true,
    category: true,
    urgency: true,
    scope: true,
    community: true,
    compound: true,
    unit: true,
    promisedBy: true,
    round: true,
    dueAt: true,
    createdAt: true,
    updatedAt: true,
  })
  .extend({ ...standing, late: z.boolean().meta({ description: 'A deadline was missed once, or is past now, whatever the light is' }) });
