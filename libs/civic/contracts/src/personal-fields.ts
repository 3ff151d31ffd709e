import { z } from 'zod';
import { pathsWhere } from './paths-where';

/** What a field's schema is marked with by `personal`, `own`, `ownContact` and `secretWord`. */
export const PERSONAL_MARKS = ['personal', 'own', 'contact', 'secret'] as const;
type Mark = (typeof PERSONAL_MARKS)[number];

const isMarked = (schema: z.core.$ZodType, mark: Mark): boolean => z.globalRegistry.get(schema)?.[mark] === true;

const markedPathsOf = (schema: z.core.$ZodType, mark: Mark): readonly string[] => pathsWhere(schema, (field) => isMarked(field, mark));

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
