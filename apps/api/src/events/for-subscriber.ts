import { sealedBy, type Rename } from '@qiyue/privacy';
import type { CloudEvent } from '@qiyue/engine-runtime';
import { personalNamesOf, reaches, type AnyAggregate } from '@qiyue/aggregate';
import { isPerson, isPseudonym } from '@qiyue/civic-domain';
import { sightBy, type Sight } from '@qiyue/civic-views';
import { coarsened, renamed } from '../entities/persons';

/** An event as somebody sees it who acts for no more than themselves or their unit. `redacted` names what is not as it was recorded. */
export type SubscribersEvent = CloudEvent & { readonly redacted?: string };

/**
 * Subscribers get what is sealed as it is. What was written in the open before there was sealing, what no table of fields names, and what somebody of
 * this role does not see of an entity that is not theirs, goes as null; places are coarse, and persons go by their pseudonyms, but for the subscriber's own.
 */
export const forSubscriber = (event: CloudEvent, aggregate: AnyAggregate, role: string, rename: Rename): SubscribersEvent => {
  const type = event.type.split('.').at(-2) ?? '';
  const hidden = new Set<string>();
  const named = renamed(event.data, rename);
  const placed = coarsened(named);
  const data = without(placed, hiding({ type, aggregate, sight: subscribersSight(aggregate, role) }), hidden) as object;
  const by = byRenamed(event, rename);
  const changed = [
    ...hidden,
    ...(placed === named ? [] : ['location']),
    ...(JSON.stringify(named) === JSON.stringify(event.data) ? [] : ['persons']),
    ...Object.keys(by),
  ];
  if (changed.length === 0) return event;
  return { ...event, ...by, data, redacted: changed.join(',') };
};

/** An event as it was recorded, but for what stands in the open in it and is kept from everybody who does not see it at the entity: who votes, and how once. */
export const forCounty = (event: CloudEvent, { access }: AnyAggregate, role: string): SubscribersEvent => {
  const type = event.type.split('.').at(-2) ?? '';
  const sight = sightBy(access.reading, role, 'other');
  const hidden = new Set<string>();
  const isSecret: Hides = (_, path, value) =>
    access.secrets?.has(`${type}.${path}`) === true && value !== null && !isSealed(value) && !reaches(sight, access.leastSightOf(path, type));
  const data = without(event.data, isSecret, hidden) as object;
  return hidden.size === 0 ? event : { ...event, data, redacted: [...hidden].join(',') };
};

/** Beside a pseudonym the command's id is one, too. */
const byRenamed = ({ actorid, actorrole, commandid }: CloudEvent, rename: Rename): Partial<CloudEvent> => {
  if (!isPerson(actorrole) || rename(actorid) === actorid) return {};
  return { actorid: rename(actorid), ...(isPseudonym(actorid) ? {} : { commandid: rename(`command ${commandid}`) }) };
};

/** Whose it is nobody looks up for each event: everybody is a stranger to it, and nobody is shown more than offices are. */
const subscribersSight = ({ access }: AnyAggregate, role: string): Sight => {
  const asStranger = sightBy(access.reading, role, 'other');
  return reaches(asStranger, 'official') ? 'official' : asStranger;
};

/** Whether a field is left out, by its name, its path (`items[].name`) and what stands there. */
type Hides = (name: string, path: string, value: unknown) => boolean;

/** A copy with null in the place of what is hidden, whose names are added to `hidden`. */
const without = (value: unknown, isHidden: Hides, hidden: Set<string>, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, isHidden, hidden, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const at = path === '' ? name : `${path}.${name}`;
      if (!isHidden(name, at, inner)) return [name, without(inner, isHidden, hidden, at)];
      hidden.add(name);
      return [name, null];
    }),
  );
};

interface Hiding {
  readonly type: string;
  readonly aggregate: AnyAggregate;
  readonly sight: Sight;
}

const hiding =
  ({ type, aggregate, sight }: Hiding): Hides =>
  (name, path, value) => {
    const least = aggregate.access.leastSightOf(path, type);
    if (reaches(sight, least) || value === null) return false;
    if (least === null || !personalNamesOf(aggregate).has(name)) return true;
    return !(Array.isArray(value) ? value : [value]).every(isSealed);
  };

const isSealed = (value: unknown): boolean => typeof value === 'string' && sealedBy(value) !== null;
