import { fieldNameOf, personalPathsOf } from '@qiyue/civic-contracts';
import type { z } from 'zod';
import { needCommandSchemas } from './command-schemas';
import { needEventSchemas } from './event-schemas';

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
  [...Object.values(PERSONAL_FIELDS.commands), ...Object.values(PERSONAL_FIELDS.events)].flat().map(fieldNameOf),
);
