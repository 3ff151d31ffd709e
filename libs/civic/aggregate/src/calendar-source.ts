import type { ClockView } from '@qiyue/civic-views';

/** Whose calendar it is: a unit’s or a community’s by name, an office’s of the county, or a person’s of a community. */
export interface CalendarOwner {
  readonly role: string;
  readonly unit: string | null;
  /** The person’s id; null: the unit. */
  readonly person: string | null;
}

/** One deadline as a calendar shows it. Instants are ISO 8601 with +08:00. */
export interface CalendarEntry {
  /** The same for the same deadline wherever it moves, and no other’s: `<entity>-<stage>`. */
  readonly id: string;
  /** Rises whenever the entity changes. */
  readonly sequence: number;
  readonly changedAt: string;
  readonly dueAt: string;
  /** What is to be done, in Chinese. */
  readonly deed: string;
  /** Of the entity. */
  readonly title: string;
  /** What else tells which one it is: community, unit, number. */
  readonly about: readonly (string | null)[];
  /** When to remind; null: not at all. */
  readonly remindAt: string | null;
  readonly isPaused: boolean;
}

/** Deadlines of one kind as a calendar shows them. */
export interface CalendarSource<V> {
  /** Conditions on the read model: which entities wait for this owner, soonest `view.dueAt` first. Null: the role has none of the kind. */
  conditionsOf(owner: CalendarOwner): object | null;
  /** Of these, what is a person’s beside what they wrote or follow. */
  isPersons(view: V, owner: CalendarOwner): boolean;
  /** What of it waits for this owner and has a date. */
  entriesOf(view: V, owner: CalendarOwner): readonly CalendarEntry[];
}

/** The entity behind a deadline, by its own id, and what is said of it. */
interface Timed extends Pick<CalendarEntry, 'id' | 'deed' | 'title' | 'about'> {
  readonly seq: number;
  readonly updatedAt: string;
}

/** The entry of a clock: none where it has no date. `dueAt`: as the document has it. */
export const clockEntries = (clock: ClockView, dueAt: string | null, { id, seq, updatedAt, ...said }: Timed): readonly CalendarEntry[] =>
  dueAt === null ? [] : [{ ...said, id: `${id}-${clock.stage}`, sequence: seq, changedAt: updatedAt, dueAt, ...clockInCalendar(clock) }];

/** What a calendar says of a clock: it reminds where the ladder does, and not while it stands still. */
export const clockInCalendar = (clock: ClockView | null): Pick<CalendarEntry, 'remindAt' | 'isPaused'> => ({
  remindAt: clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null,
  isPaused: (clock?.paused ?? null) !== null,
});
