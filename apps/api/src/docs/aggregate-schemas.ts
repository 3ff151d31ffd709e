import { noticeTypesOf, type AnyAggregate } from '@qiyue/aggregate';
import { unitPathsOf } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { answerNameOf, schemaNames, textsFor } from './aggregate-paths';
import { described } from './described';
import { jsonSchemaOf, type JsonSchema } from './json-schema';
import { toldResponsesOf } from './notice-schemas';
import { ref } from './parts';
import { attachedFile, change, historyEvent } from './response-schemas';

const UNLISTED = z.array(z.object({ field: z.string(), unit: z.string(), suggestions: z.array(z.string()) })).exactOptional();
const namesUnits = ({ commands }: AnyAggregate): boolean => Object.values(commands).some(({ schema }) => unitPathsOf(schema).length > 0);

/** What is sent to one aggregate and what it answers, by the names under which its routes refer to it. */
export const aggregateSchemas = (aggregate: AnyAggregate): Readonly<Record<string, JsonSchema>> => {
  const { idName, commands, events, listing, shown, decider, queries = [], questions = [] } = aggregate;
  const names = schemaNames(aggregate);
  const id = { [idName]: z.string() };
  const told = toldResponsesOf(noticeTypesOf([aggregate]));
  const summary = Object.fromEntries(Object.keys(decider.summary(decider.initial)).map((name) => [name, shown.shape[name] ?? z.unknown()]));
  const answers: Readonly<Record<string, z.ZodType>> = {
    [names.view]: shown,
    [names.item]: listing.item,
    [names.standing]: z.looseObject({ ...id, seq: z.int().min(0), ...summary, ...(namesUnits(aggregate) ? { unlistedUnits: UNLISTED } : {}) }),
    [names.history]: z.object({ ...id, events: z.array(historyEvent.extend({ type: z.enum(Object.keys(events)) })) }),
    [names.changes]: z.object({ ...id, from: z.int().min(1), to: z.int().min(1), changes: z.array(change) }),
    [names.told]: told.page,
    [names.ladder]: z.object({ ...id, deadlines: told.deadlines }),
    [names.file]: attachedFile.extend(id),
    ...Object.fromEntries(questions.map((question) => [names.answer(question), question.answer])),
    ...Object.fromEntries(queries.filter(({ isNoJson }) => isNoJson !== true).map((question) => [answerNameOf(question), question.answer])),
  };
  const schemas = {
    ...Object.fromEntries(Object.entries(commands).map(([type, { schema }]) => [names.body(type), jsonSchemaOf(schema, 'input')])),
    ...Object.fromEntries(Object.entries(answers).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')])),
    [names.page]: pageOf(names.item, LIST_FIELDS),
    ...(listing.isNumbered === true ? { [names.found]: pageOf(names.item, {}) } : {}),
    [names.files]: pageOf(names.file, {}),
  };
  const texts = textsFor(aggregate);
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, described(schema, texts, name)]));
};

const LIST_FIELDS: Readonly<Record<string, JsonSchema>> = {
  nextCursor: { type: ['string', 'null'] },
  total: { type: ['integer', 'null'], minimum: 0, description: 'How many there are on all pages, at most 10,000; null behind the first page' },
  totalIsBound: { type: 'boolean', description: 'There are at least so many' },
  searchedAll: { type: 'boolean', description: 'False where words or a compound were looked for in the newest ones only' },
  self: { type: 'string', description: 'The address of this view, without its page: to be kept and opened again' },
};

const pageOf = (item: string, fields: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { items: { type: 'array', items: ref(item), description: 'Entries of this page' }, ...fields },
  required: ['items', ...Object.keys(fields)],
  additionalProperties: false,
});
