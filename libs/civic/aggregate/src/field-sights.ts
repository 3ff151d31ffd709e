import { SIGHTS, type Sight } from '@qiyue/civic-views';
import { z } from 'zod';

/** Every path of a schema, of objects and lists too: `items`, `items[]`, `items[].name`. */
export const pathsOf = (schema: z.core.$ZodType, path = ''): readonly string[] => {
  const own = path === '' ? [] : [path];
  if (schema instanceof z.ZodObject)
    return [
      ...own,
      ...Object.entries(schema.shape).flatMap(([name, field]) => pathsOf(field as z.core.$ZodType, path === '' ? name : `${path}.${name}`)),
    ];
  if (schema instanceof z.ZodArray) return [...own, ...pathsOf(schema.element, `${path}[]`)];
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return pathsOf(schema.unwrap(), path);
  return own;
};

export interface FieldSights {
  /** The document's schema, as it is shown. */
  readonly document: z.ZodObject;
  /** Paths that documents have beside: what is not shown as it stands. */
  readonly beside?: readonly string[];
  readonly events: Readonly<Record<string, { readonly schema: z.ZodObject }>>;
  /** The least sight by the name of a field; one that stands in no row is shown to nobody, wherever it stands. */
  readonly names: Readonly<Record<string, Sight>>;
  /** What a field says more of a person within one event, or within one kind of document, than elsewhere. */
  readonly closer?: Readonly<Record<string, Readonly<Record<string, Sight>>>>;
}

/**
 * The sight that a field takes, by path: one that neither the document's schema nor the event's names is nobody's, even where a field of the same
 * name is everybody's elsewhere.
 */
export const sightsByPath = ({ document, beside = [], events, names, closer = {} }: FieldSights) => {
  const inDocument = new Set([...pathsOf(document), ...beside]);
  const inEvents = new Map(Object.entries(events).map(([type, { schema }]) => [type, new Set(pathsOf(schema))]));
  return (path: string, within: string | null): Sight | null => {
    const known = (within === null ? undefined : inEvents.get(within)) ?? inDocument;
    if (!known.has(path)) return null;
    const name =
      path
        .replace(/(\[\])+$/, '')
        .split('.')
        .at(-1)
        ?.replace(/(\[\])+$/, '') ?? path;
    const near = within !== null && Object.hasOwn(closer, within) ? closer[within]?.[name] : undefined;
    return near ?? (Object.hasOwn(names, name) ? (names[name] ?? null) : null);
  };
};

export const reaches = (sight: Sight, least: Sight | null): boolean => least !== null && SIGHTS.indexOf(sight) >= SIGHTS.indexOf(least);

/** What belongs to an entity without being a field of it. */
export const FILES_SIGHT: Sight = 'personal';
export const PERSON_SIGHT: Sight = 'contact';
export const EXACT_PLACE_SIGHT: Sight = 'personal';
