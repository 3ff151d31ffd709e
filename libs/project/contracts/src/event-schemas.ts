import { clockEventSchemas, instant, listOf, personal, underPolicy, type Same } from '@qiyue/civic-contracts';
import { NEED_STAGES, type Fact, type ProjectCommandType, type ProjectEvent, type ProjectEventType } from '@qiyue/project-domain';
import { z } from 'zod';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const words = z.string();
const day = words;
const { deadline } = underPolicy;
const reservations = listOf(z.object({ resourceId: words, reservationId: words }));
const ofMilestone = { milestoneId: words, title: words, note: personal(z.string()).exactOptional() };
const onClock = clockEventSchemas(words);

/** The `data` of each event. */
export const projectEventSchemas = {
  ProjectPlanned: z
    .object({
      ...{ title: words, unit: words, community: words, contractId: words.exactOptional(), itemId: words.exactOptional() },
      ...{ startsOn: day.exactOptional(), endsOn: day.exactOptional(), budgetFen: z.int().exactOptional(), deadline },
    })
    .meta({ description: 'A unit is to lead something for a community' }),
  HelperJoined: z.object({ unit: words }).meta({ description: 'A further unit helps' }),
  NeedAdded: z.object({ needId: words }).meta({ description: 'A need is met by the project' }),
  NeedMoved: z
    .object({ needId: words, stage: z.enum(NEED_STAGES), closesAt: instant.exactOptional() })
    .meta({ description: 'What became of one of its needs' }),
  ResourceAdded: z
    .object({ resourceId: words, reservationId: words, quantity: z.int(), from: instant, to: instant })
    .meta({ description: 'A resource is reserved for the project' }),
  ResourceLeft: z
    .object({ resourceId: words, reservationId: words, end: z.enum(['used', 'freed']) })
    .meta({ description: 'What was reserved for it was used, or cannot be had any more' }),
  ProjectStarted: z.object({ cause: z.enum(['by-hand', 'need']) }).meta({ description: 'It is under way' }),
  MilestonePlanned: z.object({ ...ofMilestone, dueOn: day, deadline }).meta({ description: 'What is to be reached by a day' }),
  MilestoneReached: z.object(ofMilestone).meta({ description: 'It is reached' }),
  ProjectFinished: z
    .object({ cause: z.enum(['by-hand', 'needs']), reservations, closesAt: instant })
    .meta({ description: 'The works of all its needs are done' }),
  ProjectReopened: z.object({ needId: words, deadline }).meta({ description: 'Works of a need are done again: it is under way again' }),
  ProjectCancelled: z
    .object({ reason: personal(z.string()), needs: listOf(words), reservations })
    .meta({ description: 'It was given up; needs and resources are let go' }),
  ProjectClosed: z.object({}).meta({ description: 'None of its needs can be reopened any more' }),
  DeadlineApproaching: onClock.DeadlineApproaching.meta({ description: 'The reminder before the project’s end, or before a milestone' }),
  DeadlineMissed: onClock.DeadlineMissed.meta({ description: 'The project’s end, or a milestone, has passed' }),
  Escalated: onClock.Escalated.meta({ description: 'A rung of the ladder: 催办 is level 1, 通报 level 2, and so on' }),
  DeadlineMoved: onClock.DeadlineMoved.omit({ returnUntil: true })
    .extend({ cause: z.enum(['calendar', 'policy', 'calendar-and-policy']) })
    .meta({ description: 'Another calendar or policy moved the deadline' }),
} satisfies Readonly<Record<ProjectEventType, z.ZodType>>;

export const PROJECT_EVENT_TYPES = Object.keys(projectEventSchemas) as readonly ProjectEventType[];

type Wire = { readonly [T in ProjectEventType]: z.infer<(typeof projectEventSchemas)[T]> };
type Domain = { readonly [T in ProjectEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = PROJECT_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: projectEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const projectEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<ProjectEvent>;

/** Commands that each event comes of: `tick` and `close` are the project's own timers, `plan-item`, `…-moved` and `retime` come from our processes. */
export const PROJECT_EVENT_CAUSES: Readonly<Record<ProjectEventType, readonly ProjectCommandType[]>> = {
  ProjectPlanned: ['plan', 'plan-item'],
  HelperJoined: ['join'],
  NeedAdded: ['add-need', 'need-moved'],
  NeedMoved: ['need-moved'],
  ResourceAdded: ['add-resource'],
  ResourceLeft: ['resource-moved'],
  ProjectStarted: ['start', 'need-moved'],
  MilestonePlanned: ['milestone', 'need-moved'],
  MilestoneReached: ['milestone'],
  ProjectFinished: ['finish', 'need-moved'],
  ProjectReopened: ['need-moved'],
  ProjectCancelled: ['cancel'],
  ProjectClosed: ['close'],
  DeadlineApproaching: ['tick'],
  DeadlineMissed: ['tick'],
  Escalated: ['tick'],
  DeadlineMoved: ['retime'],
};
