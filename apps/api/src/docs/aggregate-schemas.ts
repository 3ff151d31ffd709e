import type { AnyAggregate } from '@qiyue/aggregate';
import { z } from 'zod';
import { answerNameOf, schemaNames } from './aggregate-paths';
import { jsonSchemaOf, type JsonSchema } from './json-schema';
import { attachedFile, change, historyEvent } from './response-schemas';

/** What is sent to one aggregate and what it answers, by the names under which its routes refer to it. */
export const aggregateSchemas = (aggregate: AnyAggregate): Readonly<Record<string, JsonSchema>> => {
  const { idName, commands, listing, shown, queries = [] } = aggregate;
  const names = schemaNames(aggregate);
  const id = { [idName]: z.string() };
  const answers: Readonly<Record<string, z.ZodType>> = {
    [names.view]: shown,
    [names.item]: listing.item,
    [names.page]: z.object({ items: z.array(listing.item), nextCursor: z.string().nullable() }),
    [names.standing]: z.object({ ...id, seq: z.int().min(0) }).catchall(z.union([z.string(), z.number(), z.null()])),
    [names.history]: z.object({ ...id, events: z.array(historyEvent) }),
    [names.changes]: z.object({ ...id, from: z.int().min(1), to: z.int().min(1), changes: z.array(change) }),
    [names.file]: attachedFile.extend(id),
    [names.files]: z.object({ items: z.array(attachedFile.extend(id)) }),
    ...Object.fromEntries(queries.filter(({ isNoJson }) => isNoJson !== true).map((question) => [answerNameOf(question), question.answer])),
  };
  return {
    ...Object.fromEntries(Object.entries(commands).map(([type, { schema }]) => [names.body(type), jsonSchemaOf(schema, 'input')])),
    ...Object.fromEntries(Object.entries(answers).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')])),
  };
};
