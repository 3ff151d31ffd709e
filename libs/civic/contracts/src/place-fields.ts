import { z } from 'zod';
import { pathsWhere } from './paths-where';

const NAMES_COMMUNITY = z.registry<object>();

/**
 * Marks a field of a command that names a community: once the directory lists communities, edges take none that it does not list. To be said last of a field, since
 * what is said of it later makes another one.
 */
export const namesCommunity = <S extends z.ZodType>(schema: S): S => {
  NAMES_COMMUNITY.add(schema, {});
  return schema;
};

/** Paths of those fields. */
export const communityPathsOf = (schema: z.core.$ZodType): readonly string[] => pathsWhere(schema, (field) => NAMES_COMMUNITY.has(field));
