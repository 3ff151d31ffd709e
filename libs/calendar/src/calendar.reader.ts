import type { CalendarMistake, CalendarMistakeKind } from './calendar.mistakes';
import { dayOf } from './dates';

const TEXT_MAX = 200;
const VERSION = /^[A-Za-z0-9._+-]{1,64}$/;
const DETAIL_MAX = 40;

type Fields = Readonly<Record<string, unknown>>;
/** Reads one value of a file; null and a noted mistake when it is not what it should be. */
export type Read<T> = (value: unknown, where: string) => T | null;

/** Collects mistakes instead of stopping at the first one. */
export class CalendarReader {
  private readonly found: CalendarMistake[] = [];

  get mistakes(): readonly CalendarMistake[] {
    return this.found;
  }

  note(kind: CalendarMistakeKind, where: string, detail: unknown = ''): null {
    this.found.push({ kind, where, detail: shortened(detail) });
    return null;
  }

  /** The object at a place; notes fields that are missing and fields that do not belong. */
  object(value: unknown, where: string, required: readonly string[], optional: readonly string[] = []): Fields | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.note('not-an-object', where);
    const fields = value as Fields;
    for (const name of required) if (fields[name] === undefined) this.note('missing-field', placeOf(where, name));
    for (const name of Object.keys(fields))
      if (![...required, ...optional].includes(name)) this.note('unknown-field', placeOf(where, shortened(name)));
    return fields;
  }

  /** The items of a list that could be read, each with its place. */
  list<T>(value: unknown, where: string, read: Read<T>): readonly { readonly where: string; readonly item: T }[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.note('not-a-list', where);
      return [];
    }
    return value.flatMap((raw: unknown, index) => {
      const at = `${where}[${index}]`;
      const item = read(raw, at);
      return item === null ? [] : [{ where: at, item }];
    });
  }

  /** A field that is missing was noted already, with its object. */
  readonly text: Read<string> = (value, where) => {
    if (value === undefined) return null;
    return typeof value === 'string' && value.trim() !== '' && value.length <= TEXT_MAX ? value : this.note('bad-text', where);
  };

  readonly version: Read<string> = (value, where) => {
    if (value === undefined) return null;
    return typeof value === 'string' && VERSION.test(value) ? value : this.note('bad-version', where, value);
  };

  readonly date: Read<string> = (value, where) => {
    if (value === undefined) return null;
    return typeof value === 'string' && dayOf(value) !== null ? value : this.note('bad-date', where, value);
  };
}

export const placeOf = (where: string, name: string): string => (where === '' ? name : `${where}.${name}`);

const shortened = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > DETAIL_MAX ? `${text.slice(0, DETAIL_MAX)}…` : text;
};
