import { z } from 'zod';
import { pathsWhere, textsAt, type TextAt } from './paths-where';

const NAMES_COMMUNITY = z.registry<object>();
const NAMES_UNIT = z.registry<object>();

/**
 * Marks a field of a command that names a community: once the directory lists communities, edges take none that it does not list. To be said last of a field, since
 * what is said of it later makes another one.
 */
export const namesCommunity = <S extends z.ZodType>(schema: S): S => {
  NAMES_COMMUNITY.add(schema, {});
  return schema;
};

/** Marks a field that names a unit other than the sender's own: taken as it is, and answered with what may be meant where the directory does not list it. Said last, too. */
export const namesUnit = <S extends z.ZodType>(schema: S): S => {
  NAMES_UNIT.add(schema, {});
  return schema;
};

/** Paths of those fields. */
export const unitPathsOf = (schema: z.core.$ZodType): readonly string[] => pathsWhere(schema, (field) => NAMES_UNIT.has(field));

/** The names that a body gives in those fields. */
export const communitiesNamedIn = (schema: z.core.$ZodType, body: unknown): readonly TextAt[] =>
  textsAt(
    body,
    pathsWhere(schema, (field) => NAMES_COMMUNITY.has(field)),
  );
export const unitsNamedIn = (schema: z.core.$ZodType, body: unknown): readonly TextAt[] => textsAt(body, unitPathsOf(schema));
