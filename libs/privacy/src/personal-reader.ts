import { openText, sealedBy } from './sealed-text';
import type { RecentKeys } from './personal-seal';
import type { SubjectKey } from './subject-keys';

/** What a reader does not see in an answer, by path: `withheld` is not for them, `erased` for nobody any more. */
export interface Shown<T> {
  readonly value: T;
  /** Fields that were opened for this reader. */
  readonly opened: readonly string[];
  readonly withheld: readonly string[];
  readonly erased: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
/** By the field's path, in which a list's entries are all one: `items[].name`. */
type MaySee = (path: string) => boolean;

/**
 * Shows an answer field by field, closed by default: what `maySee` does not name is null, and is left out of lists, whatever it holds. Texts in
 * personal fields are opened for those who may see them; what was erased is null for everybody. Fields that were written before there was
 * sealing are treated alike.
 */
export class PersonalReader {
  constructor(
    private readonly keys: Pick<RecentKeys, 'byId'>,
    private readonly fields: ReadonlySet<string>,
  ) {}

  async show<T>(value: T, maySee: MaySee): Promise<Shown<T>> {
    const keyIds = new Set<string>();
    walk(value, this.fields, maySee, {
      text: (text) => {
        const by = sealedBy(text);
        if (by !== null) keyIds.add(by);
        return text;
      },
      hide: () => undefined,
    });
    const keys = new Map(await Promise.all([...keyIds].map(async (id) => [id, await this.keys.byId(id)] as const)));
    return shownWith(value, this.fields, maySee, keys);
  }
}

const shownWith = <T>(value: T, fields: ReadonlySet<string>, maySee: MaySee, keys: ReadonlyMap<string, SubjectKey | null>): Shown<T> => {
  const [opened, withheld, erased]: [string[], string[], string[]] = [[], [], []];
  const shown = walk(value, fields, maySee, {
    text: (text, field, path) => {
      const by = sealedBy(text);
      const key = by === null ? null : (keys.get(by) ?? null);
      const plain = by === null ? text : key && openText(key, field, text);
      (plain === null ? erased : opened).push(path);
      return plain;
    },
    hide: (path) => void withheld.push(path),
  });
  return { value: shown as T, opened, withheld, erased };
};

interface Visit {
  /** A text in a personal field that may be seen. */
  text(text: string, field: string, path: string): string | null;
  /** Something stands there that may not be seen. */
  hide(path: string): void;
}

const walk = (value: unknown, fields: ReadonlySet<string>, maySee: MaySee, visit: Visit, path = '', pattern = ''): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown, i) => walk(item, fields, maySee, visit, `${path}[${i}]`, `${pattern}[]`));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const [at, like] = path === '' ? [name, name] : [`${path}.${name}`, `${pattern}.${name}`];
      if (!maySee(like)) return [name, hidden(inner, at, visit)];
      if (!fields.has(name)) return [name, walk(inner, fields, maySee, visit, at, like)];
      if (typeof inner === 'string') return [name, visit.text(inner, name, at)];
      return [name, Array.isArray(inner) ? textsIn(inner, name, visit, at) : walk(inner, fields, maySee, visit, at, like)];
    }),
  );
};

/** Each entry of a list is named for itself, as when it could be seen; what is not there is not withheld. */
const hidden = (value: unknown, path: string, visit: Visit): null | readonly [] => {
  if (!Array.isArray(value)) return (value === null || value === undefined ? undefined : visit.hide(path), null);
  value.forEach((_, i) => visit.hide(`${path}[${i}]`));
  return [];
};

const textsIn = (list: readonly unknown[], field: string, visit: Visit, path: string): readonly unknown[] =>
  list.map((item, i) => (typeof item === 'string' ? visit.text(item, field, `${path}[${i}]`) : item)).filter((item) => item !== null);

const isPlainObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
