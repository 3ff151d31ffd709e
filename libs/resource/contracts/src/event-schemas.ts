import { instant, listOf, personal, type Same } from '@qiyue/civic-contracts';
import { RESOURCE_KINDS, type Fact, type ResourceCommandType, type ResourceEvent, type ResourceEventType } from '@qiyue/resource-domain';
import { z } from 'zod';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const words = z.string();
const reason = personal(z.string());
const quantity = z.int();
const giver = words;

const optional = {
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  community: words.exactOptional(),
  compound: words.exactOptional(),
  conditions: words.exactOptional(),
  skills: listOf(words).exactOptional(),
  contact: personal(z.string()).exactOptional(),
};
const ofHeld = { reservationId: words, projectId: words.exactOptional(), needId: words.exactOptional(), giver, quantity };

/** The `data` of each event. */
export const resourceEventSchemas = {
  ResourceOffered: z
    .object({ kind: z.enum(RESOURCE_KINDS), name: words, giver, giverRole: words, quantity, unit: words, ...optional })
    .meta({ description: 'A department or a community can give this' }),
  ResourceChanged: z
    .object({ giver, name: words.exactOptional(), quantity: quantity.exactOptional(), unit: words.exactOptional(), ...optional })
    .meta({ description: 'Only what changed' }),
  ResourceWithdrawn: z
    .object({ giver, cause: z.enum(['by-hand', 'over']), reason: reason.exactOptional() })
    .meta({ description: 'Nothing new is promised of it; what was promised stays so' }),
  ResourceReserved: z
    .object({ ...ofHeld, from: instant, to: instant, reservedAt: instant, reservedBy: words.nullable() })
    .meta({ description: 'Some of it is promised for a time' }),
  ReservationUsed: z.object({ ...ofHeld, returned: quantity }).meta({ description: 'What was reserved was used' }),
  ReservationFreed: z.object({ ...ofHeld, reason: reason.exactOptional() }).meta({ description: 'What was reserved can be had again' }),
} satisfies Readonly<Record<ResourceEventType, z.ZodType>>;

export const RESOURCE_EVENT_TYPES = Object.keys(resourceEventSchemas) as readonly ResourceEventType[];

type Wire = { readonly [T in ResourceEventType]: z.infer<(typeof resourceEventSchemas)[T]> };
type Domain = { readonly [T in ResourceEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = RESOURCE_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: resourceEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const resourceEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<ResourceEvent>;

/** Commands that each event comes of: `expire` is the resource's own timer. */
export const RESOURCE_EVENT_CAUSES: Readonly<Record<ResourceEventType, readonly ResourceCommandType[]>> = {
  ResourceOffered: ['offer'],
  ResourceChanged: ['change'],
  ResourceWithdrawn: ['withdraw', 'expire'],
  ResourceReserved: ['reserve'],
  ReservationUsed: ['use'],
  ReservationFreed: ['free'],
};
