import { DEED_KINDS } from '@qiyue/civic-domain';
import type { Fact, NeedEvent, NeedEventType } from '@qiyue/need-domain';
import { z } from 'zod';
import { clockEventSchemas, deadlineEnd, instant, listOf, personal, underPolicy, type Same } from '@qiyue/civic-contracts';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const words = z.string();
const privateWords = personal(z.string());
const photos = personal(listOf(z.string()));
const names = listOf(z.string());
const score = z.literal([1, 2, 3, 4, 5]);
const unit = z.string();
const policy = z.string();
const round = z.int().min(1);

const title = words;
const kind = z.enum(DEED_KINDS);
const items = listOf(z.object({ name: words, quantity: z.number(), unit: words }));
const community = unit;
const urgency = z.enum(['normal', 'urgent', 'emergency']);
const optionalContent = {
  description: privateWords.exactOptional(),
  category: words.exactOptional(),
  urgency: urgency.exactOptional(),
  compound: privateWords.exactOptional(),
  location: z.object({ lat: z.number(), lng: z.number() }).nullable().exactOptional(),
  exactLocation: privateWords.exactOptional(),
  contact: privateWords.exactOptional(),
  scope: z.enum(['common', 'private']).exactOptional(),
  photos: photos.exactOptional(),
};
const author = z.object({ id: z.string(), role: z.string(), unit: z.string().nullable(), person: privateWords.exactOptional() });
const because = z.object({ reason: privateWords });
const verdict = z.object({ score, satisfied: z.boolean(), comment: privateWords.exactOptional() });
const evidence = z.object({ kind: words, url: privateWords.exactOptional(), text: privateWords.exactOptional() });

const stage = z.enum(['submitted', 'claimed', 'funded', 'done']);
const fen = z.int().min(0);
const reservation = z.object({
  unitYearId: z.string(),
  reservationId: z.string(),
  unit,
  departmentFen: fen,
  revision: z.int().min(1).exactOptional(),
});
/** The part of the project that it is in. */
const inProject = { projectId: z.string().exactOptional() };
const namesDecision = { decisionId: z.string().exactOptional() };
const owners = z
  .object({ decisionId: z.string(), reservationId: z.string(), fundFen: fen, revision: z.int().min(1).exactOptional() })
  .exactOptional();
const delivered = { unit: unit.exactOptional(), kind: kind.exactOptional() };
const note = privateWords.exactOptional();

/** The `data` of each event. */
export const needEventSchemas = {
  NeedSubmitted: z.object({ title, kind, items, community, ...optionalContent, author, submittedAt: instant, claimBy: deadlineEnd, ...underPolicy }),
  NeedAmended: z.object({
    title: title.exactOptional(),
    kind: kind.exactOptional(),
    items: items.exactOptional(),
    community: community.exactOptional(),
    ...optionalContent,
  }),
  NeedWithdrawn: because.extend({ ...inProject, ...namesDecision }),
  NeedRejected: because.extend({ ...inProject, ...namesDecision }),
  NeedMerged: z.object({ into: z.string(), followers: names, ...inProject, ...namesDecision }),
  NeedAdopted: z.object({ from: z.string(), followers: names, persons: personal(names).exactOptional() }),
  NeedUnadopted: z.object({ from: z.string() }),
  NeedInspected: z.object({ notes: privateWords, photos: photos.exactOptional() }),
  NeedClaimed: z.object({
    unit,
    helpers: names,
    plan: words,
    promisedBy: z.string().exactOptional(),
    claimedAt: instant,
    fundBy: deadlineEnd,
    returnUntil: deadlineEnd,
    ...inProject,
    ...underPolicy,
  }),
  ClaimReturned: z.object({ reason: privateWords, unit, claimBy: deadlineEnd, ...inProject, ...underPolicy }),
  NeedFunded: z.object({
    amountFen: fen,
    source: z.enum(['department', 'maintenance-fund', 'donation', 'mixed', 'rework']),
    reference: words,
    unit: unit.nullable(),
    doneBy: deadlineEnd,
    split: z.object({ departmentFen: fen.exactOptional(), donationFen: fen.exactOptional(), fundFen: fen.exactOptional() }).exactOptional(),
    reservation: reservation.exactOptional(),
    owners,
    ...inProject,
    ...underPolicy,
  }),
  FundingAdjusted: z.object({
    reason: privateWords,
    deltaFen: z.int(),
    beforeFen: fen,
    amountFen: fen,
    reservation: reservation.exactOptional(),
    owners,
  }),
  WorksCancelled: z.object({
    reason: privateWords,
    unit,
    fundBy: deadlineEnd,
    returnUntil: deadlineEnd,
    reservation: reservation.exactOptional(),
    owners,
    ...inProject,
    ...underPolicy,
  }),
  WorksStarted: z.object({ note, ...inProject }),
  ProgressReported: z.object({ note: privateWords, photos: photos.exactOptional() }),
  WorksReported: z.object({ evidence: listOf(evidence), finalCostFen: fen.exactOptional(), ...inProject }),
  WorksRefused: because,
  NeedDone: z.object({
    note,
    evaluateBy: deadlineEnd,
    reservation: reservation.exactOptional(),
    spentFen: fen.exactOptional(),
    owners,
    ownersSpentFen: fen.exactOptional(),
    ...inProject,
    ...underPolicy,
  }),
  ResidentEvaluated: verdict,
  CommunityEvaluated: verdict,
  NeedEvaluated: z.object({
    residentScore: score,
    communityScore: score,
    satisfied: z.boolean(),
    ...delivered,
    ...inProject,
    closesAt: instant,
    policy,
  }),
  NeedReopened: z.object({
    cause: z.enum(['unsatisfied', 'by-hand']),
    reason: privateWords.exactOptional(),
    unit,
    round,
    fundBy: deadlineEnd,
    returnUntil: deadlineEnd,
    ...inProject,
    ...underPolicy,
  }),
  NeedClosed: z.object({}),
  WhistleBlown: z.object({ reach: z.enum(['named', 'all', 'centre']), units: names, answerBy: deadlineEnd, note }),
  NeedDispatched: z.object({
    unit: unit.exactOptional(),
    answerBy: deadlineEnd.exactOptional(),
    community: community.exactOptional(),
    oldCommunity: community.exactOptional(),
    reason: privateWords.exactOptional(),
  }),
  NeedCorrected: z.object({
    promisedBy: z.string().exactOptional(),
    community: community.exactOptional(),
    compound: optionalContent.compound,
    location: optionalContent.location,
    exactLocation: optionalContent.exactLocation,
    kind: kind.exactOptional(),
    category: optionalContent.category,
    urgency: optionalContent.urgency,
    reason: privateWords,
    was: z.object({
      promisedBy: z.string().nullable().exactOptional(),
      community: community.exactOptional(),
      kind: kind.exactOptional(),
      category: words.nullable().exactOptional(),
      urgency: urgency.exactOptional(),
    }),
  }),
  UrgencyConfirmed: z.object({ from: urgency, to: urgency, reason: privateWords.exactOptional() }),
  ContractSigned: z.object({ party: z.enum(['community', 'department']), unit: unit.nullable(), note }),
  HelperJoined: z.object({ unit, note }),
  ContactShared: z.object({ unit }),
  UnitReportedIn: z.object({
    unit,
    answer: z.enum(['coming', 'not-ours', 'later']),
    reason: privateWords.exactOptional(),
    at: z.string().exactOptional(),
    answerBy: deadlineEnd,
  }),
  VolunteerReportedIn: z.object({ person: privateWords, at: z.string().exactOptional() }),
  DecisionAwaited: z.object({ decisionId: z.string() }),
  DecisionNoted: z.object({ decisionId: z.string(), progress: z.enum(['open', 'passed', 'confirmed', 'emergency', 'failed', 'cancelled']) }),
  ProjectJoined: z.object({
    projectId: z.string(),
    stage: z.enum(['submitted', 'claimed', 'funded', 'started', 'done', 'evaluated']).exactOptional(),
  }),
  ProjectLeft: z.object({ projectId: z.string() }),
  ...clockEventSchemas(stage),
  EvaluationLapsed: z.object({
    missing: listOf(z.enum(['resident', 'community'])),
    residentScore: score.nullable(),
    communityScore: score.nullable(),
    satisfied: z.boolean().exactOptional(),
    ...delivered,
    ...inProject,
    closesAt: instant,
    policy,
  }),
} satisfies Readonly<Record<NeedEventType, z.ZodType>>;

export const NEED_EVENT_TYPES = Object.keys(needEventSchemas) as readonly NeedEventType[];

type Wire = { readonly [T in NeedEventType]: z.infer<(typeof needEventSchemas)[T]> };
type Domain = { readonly [T in NeedEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = NEED_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: needEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const needEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<NeedEvent>;
