import { z } from 'zod';
import { needCommandSchemas } from './command-schemas';
import { needEventSchemas } from './event-schemas';

/** Paths of the fields marked with `personal`, as `evidence[].text`. */
export const personalPathsOf = (schema: z.core.$ZodType, path = ''): readonly string[] => {
  if (z.globalRegistry.get(schema)?.['personal'] === true) return [path];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) => personalPathsOf(field as z.core.$ZodType, path === '' ? name : `${path}.${name}`));
  }
  if (schema instanceof z.ZodArray) return personalPathsOf(schema.element, `${path}[]`);
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return personalPathsOf(schema.unwrap(), path);
  }
  return [];
};

type Paths = Readonly<Record<string, readonly string[]>>;
const pathsByName = (schemas: Readonly<Record<string, z.core.$ZodType>>): Paths =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, personalPathsOf(schema)]));

/** Where personal data may stand in the bodies of commands and in the data of events, by type. */
export const PERSONAL_FIELDS: { readonly commands: Paths; readonly events: Paths } = {
  commands: pathsByName(needCommandSchemas),
  events: pathsByName(needEventSchemas),
};

/** The names of all of them, which are the same in the read models: `contact`, `note` … */
export const PERSONAL_NAMES: ReadonlySet<string> = new Set(
  [...Object.values(PERSONAL_FIELDS.commands), ...Object.values(PERSONAL_FIELDS.events)]
    .flat()
    .map((path) => path.split(/\.|\[\]/).at(-1) || path.replace('[]', '')),
);

/** What may come over Kafka in the open, whose log forgets nobody: nothing personal, all but how to reach somebody, or anything. */
export const PLAIN_OVER_KAFKA = ['none', 'no-contact', 'any'] as const;
export type PlainOverKafka = (typeof PLAIN_OVER_KAFKA)[number];

const RESIDENTS_OWN: ReadonlySet<string> = new Set(['contact', 'description', 'compound', 'exactLocation', 'comment', 'url', 'text', 'photos']);
/** Why somebody takes their need back is a resident's own word, unlike the reasons of offices. */
const OWN_REASON: ReadonlySet<string> = new Set(['withdraw']);

export const mayBePlain = (rule: PlainOverKafka, command: string, field: string): boolean => {
  if (rule !== 'none') return rule === 'any' || field !== 'contact';
  return !RESIDENTS_OWN.has(field) && !(field === 'reason' && OWN_REASON.has(command));
};
