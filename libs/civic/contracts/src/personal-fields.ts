import { z } from 'zod';

/** What a field's schema is marked with by `personal`, `own`, `ownContact` and `secretWord`. */
export const PERSONAL_MARKS = ['personal', 'own', 'contact', 'secret'] as const;
type Mark = (typeof PERSONAL_MARKS)[number];

const isMarked = (schema: z.core.$ZodType, mark: Mark): boolean => z.globalRegistry.get(schema)?.[mark] === true;

/** Paths of the fields that are marked, as `evidence[].text`. */
const markedPathsOf = (schema: z.core.$ZodType, mark: Mark, path = ''): readonly string[] => {
  if (isMarked(schema, mark)) return [path];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) =>
      markedPathsOf(field as z.core.$ZodType, mark, path === '' ? name : `${path}.${name}`),
    );
  }
  if (schema instanceof z.ZodArray) return markedPathsOf(schema.element, mark, `${path}[]`);
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return markedPathsOf(schema.unwrap(), mark, path);
  }
  return [];
};

export const personalPathsOf = (schema: z.core.$ZodType): readonly string[] => markedPathsOf(schema, 'personal');

/** Those that a resident writes of themselves: see `own`. */
export const ownPathsOf = (schema: z.core.$ZodType): readonly string[] => markedPathsOf(schema, 'own');

/** Those by which somebody is reached: see `ownContact`. */
export const contactPathsOf = (schema: z.core.$ZodType): readonly string[] => markedPathsOf(schema, 'contact');

/** Those that are sealed under their entity's key: see `secretWord`. */
export const secretPathsOf = (schema: z.core.$ZodType): readonly string[] => markedPathsOf(schema, 'secret');

/** The name of a field by its path, which is the same in the read models: `contact`, `note` … */
export const fieldNameOf = (path: string): string => path.split(/\.|\[\]/).at(-1) || path.replace('[]', '');

/** What may come over Kafka in the open, whose log forgets nobody: nothing personal, all but how to reach somebody, or anything. */
export const PLAIN_OVER_KAFKA = ['none', 'no-contact', 'any'] as const;
export type PlainOverKafka = (typeof PLAIN_OVER_KAFKA)[number];

export interface OverKafka {
  /** A resident's own words, unlike those of offices. */
  readonly isOwn: boolean;
  readonly isContact?: boolean;
  readonly isSecret?: boolean;
}
export const mayBePlain = (rule: PlainOverKafka, { isOwn, isContact = false, isSecret = false }: OverKafka): boolean => {
  if (isSecret) return false;
  return rule === 'none' ? !isOwn : rule === 'any' || !isContact;
};
