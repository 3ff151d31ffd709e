import { sealedBy, type Rename } from '@qiyue/privacy';
import type { CloudEvent } from '@qiyue/engine-runtime';
import { personalNamesOf, reaches, type AnyAggregate } from '@qiyue/aggregate';
import { isPerson, isPseudonym } from '@qiyue/civic-domain';
import { coarsened, renamed } from '../entities/persons';

/** An event as somebody sees it who acts for no more than themselves or their unit. `redacted` names what is not as it was recorded. */
export type SubscribersEvent = CloudEvent & { readonly redacted?: string };

/**
 * Subscribers get what is sealed as it is. What was written in the open before there was sealing, and what no table of fields names, goes as null;
 * places are coarse, and persons go by their pseudonyms, but for the subscriber's own.
 */
export const forSubscriber = (event: CloudEvent, aggregate: AnyAggregate, rename: Rename): SubscribersEvent => {
  const type = event.type.split('.').at(-2) ?? '';
  const hidden = new Set<string>();
  const named = renamed(event.data, rename);
  const placed = coarsened(named);
  const data = withoutPlain(placed, { type, aggregate, hidden }) as object;
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

/** Beside a pseudonym the command's id is one, too. */
const byRenamed = ({ actorid, actorrole, commandid }: CloudEvent, rename: Rename): Partial<CloudEvent> => {
  if (!isPerson(actorrole) || rename(actorid) === actorid) return {};
  return { actorid: rename(actorid), ...(isPseudonym(actorid) ? {} : { commandid: rename(`command ${commandid}`) }) };
};

interface Hiding {
  readonly type: string;
  readonly aggregate: AnyAggregate;
  readonly hidden: Set<string>;
}

const withoutPlain = (value: unknown, hiding: Hiding, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutPlain(item, hiding, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const at = path === '' ? name : `${path}.${name}`;
      if (!isHidden(name, at, inner, hiding)) return [name, withoutPlain(inner, hiding, at)];
      hiding.hidden.add(name);
      return [name, null];
    }),
  );
};

const isHidden = (name: string, path: string, value: unknown, { type, aggregate }: Hiding): boolean => {
  const least = aggregate.access.leastSightOf(path, type);
  if (reaches('official', least) || value === null) return false;
  if (least === null || !personalNamesOf(aggregate).has(name)) return true;
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return !texts.every((text) => typeof text === 'string' && sealedBy(text) !== null);
};
