import { dayReader, listsOf, mistakesOfMeaning, sourceReader, type PlacedDay } from './calendar.check';
import type { AddedDay, CalendarDocument, CalendarOverrides, NamedDay } from './calendar.document';
import type { Checked } from './calendar.mistakes';
import { CalendarReader, placeOf, type Read } from './calendar.reader';

type Placed<T> = readonly { readonly where: string; readonly item: T }[];

/** An overrides file as read, each entry with its place; parts that could not be read are left out and noted. */
interface Draft {
  readonly version: string | null;
  readonly basedOn: string | null;
  readonly name: string | null;
  readonly coversTo: string | null;
  readonly add: Placed<AddedDay>;
  readonly remove: Placed<string>;
  readonly names: Placed<NamedDay>;
  readonly sources: CalendarDocument['sources'];
}

const REQUIRED: readonly (keyof CalendarOverrides)[] = ['version', 'basedOn', 'name', 'add', 'remove'];
const OPTIONAL: readonly (keyof CalendarOverrides)[] = ['names', 'coversTo', 'sources'];

/** True for a file that means to change a calendar rather than to be one. */
export const isOverrides = (value: unknown): boolean => typeof value === 'object' && value !== null && 'basedOn' in value;

/** The calendar with a county's changes (`CalendarOverrides`), or every mistake in them. `base` is one that `checkDocument` has accepted. */
export const applyOverrides = (base: CalendarDocument, overrides: unknown): Checked<CalendarDocument> => {
  const reader = new CalendarReader();
  const draft = readDraft(reader, overrides);
  if (draft === null) return { ok: false, mistakes: reader.mistakes };
  noteMisfits(reader, base, draft);
  const covers = { from: base.covers.from, to: laterOf(base.covers.to, draft.coversTo) };
  const days = renamed(reader, [...remaining(reader, base, draft.remove), ...added(draft.add)], draft.names);
  const mistakes = [...reader.mistakes, ...mistakesOfMeaning(covers, days)];
  if (mistakes.length > 0 || draft.version === null || draft.name === null) return { ok: false, mistakes };
  const version = `${base.version}+${draft.version}`;
  return { ok: true, value: { version, name: draft.name, covers, ...listsOf(days), sources: [...base.sources, ...draft.sources] } };
};

const readDraft = (reader: CalendarReader, value: unknown): Draft | null => {
  const fields = reader.object(value, '', REQUIRED, OPTIONAL);
  if (fields === null) return null;
  return {
    version: reader.version(fields['version'], 'version'),
    basedOn: reader.version(fields['basedOn'], 'basedOn'),
    name: reader.text(fields['name'], 'name'),
    coversTo: reader.date(fields['coversTo'], 'coversTo'),
    add: reader.list(fields['add'], 'add', addedReader(reader)),
    remove: reader.list(fields['remove'], 'remove', reader.date),
    names: reader.list(fields['names'], 'names', dayReader(reader)),
    sources: reader.list(fields['sources'], 'sources', sourceReader(reader)).map(({ item }) => item),
  };
};

const addedReader = (reader: CalendarReader): Read<AddedDay> => {
  const readDay = dayReader(reader, ['kind']);
  return (value, where) => {
    const day = readDay(value, where);
    const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    if (kind !== undefined && kind !== 'holiday' && kind !== 'make-up') return reader.note('bad-kind', placeOf(where, 'kind'), kind);
    return day === null || kind === undefined ? null : { ...day, kind };
  };
};

const noteMisfits = (reader: CalendarReader, base: CalendarDocument, { version, basedOn, coversTo }: Draft): void => {
  if (basedOn !== null && basedOn !== base.version) reader.note('wrong-base', 'basedOn', base.version);
  if (coversTo !== null && coversTo < base.covers.to) reader.note('coverage-shrinks', 'coversTo', base.covers.to);
  if (version !== null) reader.version(`${base.version}+${version}`, 'version');
};

const laterOf = (a: string, b: string | null): string => (b !== null && b > a ? b : a);

const BASE = 'basedOn';

const remaining = (reader: CalendarReader, base: CalendarDocument, remove: Placed<string>): readonly PlacedDay[] => {
  const holidays = base.holidays.map((day): PlacedDay => ({ where: BASE, kind: 'holiday', day }));
  const makeUpDays = base.makeUpDays.map((day): PlacedDay => ({ where: BASE, kind: 'make-up', day }));
  const left = new Map([...holidays, ...makeUpDays].map((placed) => [placed.day.date, placed]));
  for (const { where, item } of remove) if (!left.delete(item)) reader.note('not-listed', where, item);
  return [...left.values()];
};

const added = (add: Placed<AddedDay>): readonly PlacedDay[] => add.map(({ where, item: { kind, ...day } }) => ({ where, kind, day }));

const renamed = (reader: CalendarReader, days: readonly PlacedDay[], names: Placed<NamedDay>): readonly PlacedDay[] => {
  const dates = new Set(days.map(({ day }) => day.date));
  const newNames = new Map<string, NamedDay>();
  for (const { where, item } of names) {
    if (!dates.has(item.date)) reader.note('not-listed', placeOf(where, 'date'), item.date);
    if (newNames.has(item.date)) reader.note('listed-twice', placeOf(where, 'date'), item.date);
    newNames.set(item.date, item);
  }
  return days.map((placed) => ({ ...placed, day: newNames.get(placed.day.date) ?? placed.day }));
};
