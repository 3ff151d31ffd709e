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

/**
 * Opens the personal fields of an answer for those who may see them. What they may not, or what was erased, is null, and is left
 * out of lists. Fields that were written before there was sealing are treated alike.
 */
export class PersonalReader {
  constructor(
    private readonly keys: Pick<RecentKeys, 'byId'>,
    private readonly fields: ReadonlySet<string>,
  ) {}

  async show<T>(value: T, maySee: (field: string) => boolean): Promise<Shown<T>> {
    const keyIds = new Set<string>();
    walk(value, this.fields, (text, field) => {
      const by = maySee(field) ? sealedBy(text) : null;
      if (by !== null) keyIds.add(by);
      return text;
    });
    const keys = new Map(await Promise.all([...keyIds].map(async (id) => [id, await this.keys.byId(id)] as const)));
    return shownWith(value, this.fields, maySee, keys);
  }
}

const shownWith = <T>(
  value: T,
  fields: ReadonlySet<string>,
  maySee: (field: string) => boolean,
  keys: ReadonlyMap<string, SubjectKey | null>,
): Shown<T> => {
  const [opened, withheld, erased]: [string[], string[], string[]] = [[], [], []];
  const shown = walk(value, fields, (text, field, path) => {
    if (!maySee(field)) return (withheld.push(path), null);
    const by = sealedBy(text);
    const key = by === null ? null : (keys.get(by) ?? null);
    const plain = by === null ? text : key && openText(key, field, text);
    (plain === null ? erased : opened).push(path);
    return plain;
  });
  return { value: shown as T, opened, withheld, erased };
};

type Visit = (text: string, field: string, path: string) => string | null;

/** A copy with every text in a field of these names, or in a list there, visited. */
const walk = (value: unknown, fields: ReadonlySet<string>, visit: Visit, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown, i) => walk(item, fields, visit, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value as Json).map(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      if (!fields.has(name)) return [name, walk(inner, fields, visit, at)];
      if (typeof inner === 'string') return [name, visit(inner, name, at)];
      return [name, Array.isArray(inner) ? textsIn(inner, name, visit, at) : walk(inner, fields, visit, at)];
    }),
  );
};

const textsIn = (list: readonly unknown[], field: string, visit: Visit, path: string): readonly unknown[] =>
  list.map((item, i) => (typeof item === 'string' ? visit(item, field, `${path}[${i}]`) : item)).filter((item) => item !== null);
