import type { AnyView, CalendarEntry, CalendarOwner, CalendarSource } from '@qiyue/aggregate';
import type { EntityAccess } from '../queries/queries.controller';

/** So many events has a calendar: apps that subscribe read it whole each time. */
const EVENTS_MAX = 500;
/** Among so many open entities a person's own are looked for. */
const SEARCHED_MAX = 5_000;

/** A kind of entities that calendars show. */
export interface CalendarKind extends EntityAccess {
  readonly calendar: CalendarSource<AnyView>;
}

export const calendarKinds = (kinds: readonly EntityAccess[]): readonly CalendarKind[] =>
  kinds.flatMap((kind) => {
    const { calendar } = kind.queries.aggregate;
    return calendar === undefined ? [] : [{ ...kind, calendar }];
  });

interface Entries {
  readonly entries: readonly CalendarEntry[];
  /** How many more there are. */
  readonly left: number;
}

/** What waits for an owner, of all these kinds together: the soonest ones. */
export const feedEntries = async (kinds: readonly CalendarKind[], owner: CalendarOwner): Promise<Entries> => {
  const all = await Promise.all(kinds.map((kind) => entriesOf(kind, owner)));
  const entries = all.flatMap((one) => one.entries).sort(bySoonest);
  const shown = entries.slice(0, EVENTS_MAX);
  return { entries: shown, left: all.reduce((sum, { left }) => sum + left, entries.length - shown.length) };
};

const bySoonest = (a: CalendarEntry, b: CalendarEntry): number => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1);
const sortKeyOf = ({ dueAt, id }: CalendarEntry): string => `${dueAt} ${id}`;

const entriesOf = async ({ queries, reader, calendar }: CalendarKind, owner: CalendarOwner): Promise<Entries> => {
  const conditions = calendar.conditionsOf(owner);
  if (conditions === null) return { entries: [], left: 0 };
  const { views, total } = await queries.soonest(conditions, owner.person === null ? EVENTS_MAX : SEARCHED_MAX);
  const entriesIn = (of: readonly AnyView[]): readonly CalendarEntry[] => of.flatMap((view) => calendar.entriesOf(view, owner));
  if (owner.person === null) return { entries: entriesIn(views), left: total - views.length };
  const concerning = new Set(await reader.concerning(views, { ...owner, id: owner.person }));
  return { entries: entriesIn(views.filter((view) => concerning.has(view) || calendar.isPersons(view, owner))), left: 0 };
};
