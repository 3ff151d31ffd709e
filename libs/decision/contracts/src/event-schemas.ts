import { clockEventSchemas, deadlineEnd, instant, listOf, personal, underPolicy, type Same } from '@qiyue/civic-contracts';
import { DECISION_MATTERS } from '@qiyue/civic-domain';
import { CHANNELS, MEDIATION_OUTCOMES, STANCES, TIMED_STAGES, type DecisionEvent, type DecisionEventType, type Fact } from '@qiyue/decision-domain';
import { z } from 'zod';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const enumOf = <T extends string>(values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);
const words = z.string();
const privateWords = personal(z.string());
const count = z.int().min(0);
const fen = z.int();
const rooms = listOf(words);

const fraction = z.object({ numerator: count, denominator: count, strict: z.boolean() });
export const countingRule = z.object({
  ...{ name: words, matter: z.enum(DECISION_MATTERS), basis: words, effectiveFrom: words },
  ...{ participation: fraction, agreement: fraction, agreementOf: z.enum(['participating', 'all']) },
  ...{ onRequest: z.boolean(), beforeHandover: z.boolean() },
});
export const terms = z.object({
  ...{ secondBallot: z.enum(['refuse', 'replace']), confirmation: z.enum(['approval', 'filing']), emergency: z.boolean() },
  ...{ noticeDaysMin: count, firstDrawPercentMax: count, beforeAuditPercentMax: count, warrantyYears: count, warrantyReminderDays: count },
});
const plan = z.object({
  parts: listOf(words).exactOptional(),
  works: words,
  budgetFen: fen,
  warrantyEndedOn: words.exactOptional(),
  from: words,
  to: words,
  contractor: words.exactOptional(),
  shares: listOf(z.object({ room: words, parts: count })).exactOptional(),
});
export const tally = z.object({
  ...{ totalAreaCm2: count, totalHeads: count, partAreaCm2: count, partHeads: count, agreeAreaCm2: count, agreeHeads: count },
  ...{ quorum: z.boolean(), approval: z.boolean(), outcome: z.enum(['open', 'passed', 'failed-quorum', 'failed-approval']) },
});
const evidence = listOf(z.object({ kind: words, url: privateWords.exactOptional(), text: privateWords.exactOptional() }));
const photos = personal(listOf(z.string()));

const ofNeed = { needId: words };
const ofRoom = { ...ofNeed, room: words };
const onPlan = { ...ofRoom, planNumber: count };
const begins = { dueAt: deadlineEnd, ...underPolicy };
const said = { reference: words.exactOptional(), note: privateWords.exactOptional() };
const ofMoney = { ...ofNeed, reservationId: words, amountFen: fen };
const reason = privateWords;
const closingCause = z.enum(['by-hand', 'deadline']);
const failed = z.enum(['failed-quorum', 'failed-approval', 'challenge-upheld']);
const stage = enumOf(TIMED_STAGES);
const onClock = clockEventSchemas(stage);

/** The `data` of each event. */
export const decisionEventSchemas = {
  DecisionOpened: z
    .object({
      ...{ ...ofNeed, community: words, matter: z.enum(DECISION_MATTERS) },
      roster: listOf(z.object({ room: words, areaCm2: count, owner: words.nullable() })),
      scopes: z.object({ sharing: rooms.exactOptional(), deciding: rooms.exactOptional(), paying: rooms.exactOptional() }),
      ...{ plan, rule: countingRule, terms, previous: words.exactOptional(), ...begins },
    })
    .meta({ description: 'A community lets the owners decide about a need; the rule of counting is fixed from here on' }),
  CouncilHeld: z.object({ ...ofNeed, notes: privateWords, attended: count }).meta({ description: 'A residents’ council was held' }),
  HouseholdVisited: z
    .object({ ...onPlan, stance: enumOf(STANCES), notes: privateWords.exactOptional() })
    .meta({ description: 'A household was visited, and said where it stands' }),
  ObjectionRaised: z.object({ ...onPlan, reason }).meta({ description: 'A household objects' }),
  MediationHeld: z
    .object({ ...onPlan, round: count, notes: privateWords, outcome: enumOf(MEDIATION_OUTCOMES) })
    .meta({ description: 'A round of mediation with a household' }),
  PlanRevised: z.object({ ...ofNeed, planNumber: count, plan, reason }).meta({ description: 'Another plan takes the place of the one before' }),
  BallotOpened: z
    .object({ ...ofNeed, closesAt: instant, channels: listOf(enumOf(CHANNELS)), rosterHash: words, ...begins })
    .meta({ description: 'The ballot is open, the roster frozen' }),
  VoteCast: z
    .object({
      ...{ ...ofNeed, owner: words.nullable(), areaCm2: count },
      choice: personal(words),
      ...{ channel: enumOf(CHANNELS), replaces: z.boolean(), evidence: evidence.exactOptional() },
    })
    .meta({ description: 'The ballot of an owner; how they voted is for them and for those who supervise the count' }),
  VotingEnded: z
    .object({ ...ofNeed, cause: closingCause, ballotsHash: words })
    .meta({ description: 'No ballot is taken any more; they are opened and counted' }),
  BallotClosed: z
    .object({
      ...{ ...ofNeed, outcome: z.enum(['passed', 'failed-quorum', 'failed-approval']), tally, cause: closingCause },
      ballotsHash: words.exactOptional(),
      ...begins,
    })
    .meta({ description: 'The ballots are counted' }),
  SignatureTaken: z.object({ ...ofRoom, evidence: evidence.exactOptional() }).meta({ description: 'A room has signed for a ballot that was cast' }),
  NoticePosted: z
    .object({ ...ofNeed, days: count, place: words, photos: photos.exactOptional(), endsAt: instant, ...begins })
    .meta({ description: 'The public notice is up; challenges are taken until it ends' }),
  NoticeEnded: z.object({ ...ofNeed, ...begins }).meta({ description: 'The notice is over; the authority is waited for' }),
  DecisionChallenged: z
    .object({ ...ofNeed, challengeId: words, by: words, isOwner: z.boolean(), reason })
    .meta({ description: 'Somebody challenges the decision' }),
  ChallengeSettled: z
    .object({ ...ofNeed, challengeId: words, upheld: z.boolean(), reason })
    .meta({ description: 'A challenge was decided; upheld, the decision falls' }),
  DecisionConfirmed: z
    .object({ ...ofNeed, manner: z.enum(['approval', 'filing']), ...said })
    .meta({ description: 'The authority has approved the decision, or taken it to its files: works and money may come' }),
  DecisionFailed: z
    .object({ ...ofNeed, cause: failed })
    .meta({ description: 'Nothing comes of it: too few took part, too few agreed, or a challenge was upheld' }),
  DecisionCancelled: z
    .object({ ...ofNeed, cause: z.enum(['by-hand', 'need-ended']), reason: privateWords.exactOptional() })
    .meta({ description: 'It was given up, or its need has ended' }),
  EmergencyDeclared: z
    .object({ ...ofNeed, basis: words, evidence, ...begins })
    .meta({ description: 'The works cannot wait for a vote; the authority is waited for' }),
  EmergencyConfirmed: z
    .object({ ...ofNeed, ...said, ...begins })
    .meta({ description: 'Works and money may come before a vote; the notice is waited for' }),
  FundsReserved: z.object(ofMoney).meta({ description: 'Money of the owners waits for the works of the need' }),
  ReservationResized: z
    .object({ ...ofMoney, beforeFen: fen, revision: count.exactOptional() })
    .meta({ description: 'The works cost more or less than was thought' }),
  FundsCommitted: z
    .object({ ...ofMoney, returnedFen: fen })
    .meta({ description: 'The works were accepted: the money is spent, what was left is available again' }),
  FundsReleased: z.object(ofMoney).meta({ description: 'The works do not come: all of it is available again' }),
  FundDrawn: z
    .object({ ...ofNeed, amountFen: fen, reference: words, drawnFen: fen })
    .meta({ description: 'The bank has paid; `drawnFen` is all so far' }),
  FundRepaid: z
    .object({ ...ofNeed, amountFen: fen, reference: words, drawnFen: fen })
    .meta({ description: 'What was drawn too much was paid back to the fund; `drawnFen` is all that is still out' }),
  AccountAudited: z.object({ ...ofNeed, reference: words }).meta({ description: 'The account of the works was audited' }),
  WarrantyStarted: z.object({ ...ofNeed, endsAt: instant, ...begins }).meta({ description: 'The works were accepted: their warranty runs' }),
  WarrantyEnded: z.object(ofNeed).meta({ description: 'The warranty of the works is over' }),
  DeadlineApproaching: onClock.DeadlineApproaching.extend(ofNeed).meta({
    description: 'The reminder before the deadline of a stage, or before the warranty ends',
  }),
  DeadlineMissed: onClock.DeadlineMissed.extend(ofNeed).meta({ description: 'The deadline of a stage has passed' }),
  Escalated: onClock.Escalated.extend(ofNeed).meta({ description: 'A rung of the ladder: 催办 is level 1, 通报 level 2, and so on' }),
  DeadlineMoved: onClock.DeadlineMoved.omit({ returnUntil: true })
    .extend({ ...ofNeed, cause: z.enum(['calendar', 'policy', 'calendar-and-policy']) })
    .meta({ description: 'Another calendar or policy moved the deadline' }),
} satisfies Readonly<Record<DecisionEventType, z.ZodType>>;

export const DECISION_EVENT_TYPES = Object.keys(decisionEventSchemas) as readonly DecisionEventType[];

type Wire = { readonly [T in DecisionEventType]: z.infer<(typeof decisionEventSchemas)[T]> };
type Domain = { readonly [T in DecisionEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = DECISION_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: decisionEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const decisionEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<DecisionEvent>;
