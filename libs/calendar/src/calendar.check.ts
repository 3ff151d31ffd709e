import type { CalendarDocument, CalendarSource, NamedDay } from './calendar.document';
import type { CalendarMistake, Checked } from './calendar.mistakes';
import { placeOf, CalendarReader, type Read } from './calendar.reader';
import { COVERED_YEARS_MAX } from './calendar.table';
import { dayOf, isWeekend } from './dates';

/** A day of a calendar, with its place in the file that it came from. */
export interface PlacedDay {
  readonly where: string;
  readonly kind: 'holiday' | 'make-up';
  readonly day: NamedDay;
}

export const dayReader =
  (reader: CalendarReader, alsoAllowed: readonly string[] = []): Read<NamedDay> =>
  (value, where) => {
    const fields = reader.object(value, where, ['date', 'name', ...alsoAllowed], ['nameEn']);
    if (fields === null) return null;
    const date = reader.date(fields['date'], placeOf(where, 'date'));
    const name = reader.text(fields['name'], placeOf(where, 'name'));
    const nameEn = reader.text(fields['nameEn'], placeOf(where, 'nameEn'));
    // A day without a name is still a day: its date is checked against the others.
    return date === null ? null : { date, name: name ?? '', ...(nameEn === null ? {} : { nameEn }) };
  };

export const sourceReader =
  (reader: CalendarReader): Read<CalendarSource> =>
  (value, where) => {
    const fields = reader.object(value, where, ['title', 'number', 'date']);
    if (fields === null) return null;
    const title = reader.text(fields['title'], placeOf(where, 'title'));
    const number = reader.text(fields['number'], placeOf(where, 'number'));
    const date = reader.date(fields['date'], placeOf(where, 'date'));
    return title === null || number === null || date === null ? null : { title, number, date };
  };

const readCovers = (reader: CalendarReader, value: unknown): CalendarDocument['covers'] | null => {
  if (value === undefined) return null;
  const fields = reader.object(value, 'covers', ['from', 'to']);
  const from = reader.date(fields?.['from'], 'covers.from');
  const to = reader.date(fields?.['to'], 'covers.to');
  return from === null || to === null ? null : { from, to };
};

/** A file's content as a calendar, or every mistake in it. */
export const checkDocument = (value: unknown): Checked<CalendarDocument> => {
  const reader = new CalendarReader();
  const fields = reader.object(value, '', ['version', 'name', 'covers', 'holidays', 'makeUpDays', 'sources']);
  if (fields === null) return { ok: false, mistakes: reader.mistakes };
  const version = reader.version(fields['version'], 'version');
  const name = reader.text(fields['name'], 'name');
  const covers = readCovers(reader, fields['covers']);
  const holidays = reader.list(fields['holidays'], 'holidays', dayReader(reader));
  const makeUpDays = reader.list(fields['makeUpDays'], 'makeUpDays', dayReader(reader));
  const sources = reader.list(fields['sources'], 'sources', sourceReader(reader)).map(({ item }) => item);
  const days = [...placed('holiday', holidays), ...placed('make-up', makeUpDays)];
  const mistakes = [...reader.mistakes, ...mistakesOfMeaning(covers, days)];
  if (mistakes.length > 0 || version === null || name === null || covers === null) return { ok: false, mistakes };
  return { ok: true, value: { version, name, covers, ...listsOf(days), sources } };
};

const placed = (kind: PlacedDay['kind'], items: readonly { readonly where: string; readonly item: NamedDay }[]): readonly PlacedDay[] =>
  items.map(({ where, item }) => ({ where, kind, day: item }));

/** The two lists of a document, each in the order of its dates. */
export const listsOf = (days: readonly PlacedDay[]): Pick<CalendarDocument, 'holidays' | 'makeUpDays'> => {
  const sorted = days.toSorted((a, b) => (a.day.date < b.day.date ? -1 : 1));
  const of = (wanted: PlacedDay['kind']): readonly NamedDay[] => sorted.filter(({ kind }) => kind === wanted).map(({ day }) => day);
  return { holidays: of('holiday'), makeUpDays: of('make-up') };
};

/** What is wrong although every field could be read. Without a readable range, only what needs none. */
export const mistakesOfMeaning = (covers: CalendarDocument['covers'] | null, days: readonly PlacedDay[]): readonly CalendarMistake[] => {
  const reader = new CalendarReader();
  const seen = new Set<string>();
  for (const { where, kind, day } of days) {
    const place = placeOf(where, 'date');
    if (seen.has(day.date)) reader.note('listed-twice', place, day.date);
    seen.add(day.date);
    if (covers !== null && isOutside(covers, day.date)) reader.note('outside-coverage', place, day.date);
    if (kind === 'make-up' && !isWeekend(dayOf(day.date) ?? 0)) reader.note('make-up-on-weekday', place, day.date);
  }
  if (covers !== null) noteRange(reader, covers, days);
  return reader.mistakes;
};

/** No day is said to be outside a range that has none. */
const isOutside = ({ from, to }: CalendarDocument['covers'], date: string): boolean => from <= to && (date < from || date > to);

const noteRange = (reader: CalendarReader, { from, to }: CalendarDocument['covers'], days: readonly PlacedDay[]): void => {
  if (to < from) return void reader.note('range-reversed', 'covers');
  if (!from.endsWith('-01-01') || !to.endsWith('-12-31')) reader.note('not-whole-years', 'covers');
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))];
  if (last - first >= COVERED_YEARS_MAX) return void reader.note('range-too-long', 'covers', COVERED_YEARS_MAX);
  const listed = new Set(days.filter(({ kind }) => kind === 'holiday').map(({ day }) => Number(day.date.slice(0, 4))));
  for (let year = first; year <= last; year += 1) if (!listed.has(year)) reader.note('year-without-holidays', 'holidays', String(year));
};
