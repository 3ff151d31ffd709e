import type { AggregateQuery, AnyAggregate } from '@qiyue/aggregate';
import { z } from 'zod';
import { LIST_PARAMETERS } from '../entities/entity.controllers';
import { FILE_TYPES } from '../files/file-content';
import { jsonSchemaOf, type JsonSchema } from './json-schema';
import {
  answer,
  idempotencyKey,
  NOT_PERMITTED,
  parameter,
  problem,
  query,
  read,
  ref,
  string,
  count,
  UNAUTHENTICATED,
  UNAVAILABLE,
  UNREADABLE,
  type Paths,
} from './parts';

/** Parts of a name with a capital each: `refuse-works` → `RefuseWorks`. */
const pascal = (name: string): string => name.replace(/(^|[-./])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
const camel = (name: string): string => pascal(name).replace(/^./, (letter) => letter.toLowerCase());

/** Names under which the schemas of one aggregate stand. */
export const schemaNames = ({ decider }: Pick<AnyAggregate, 'decider'>) => {
  const name = pascal(decider.aggregate);
  return {
    view: `${name}View`,
    standing: `${name}Standing`,
    item: `${name}ListItem`,
    page: `${name}Page`,
    history: `${name}History`,
    changes: `${name}Changes`,
    body: (type: string) => `${name}${pascal(type)}Body`,
    file: `${name}File`,
    files: `${name}Files`,
  };
};
export const answerNameOf = ({ path }: AggregateQuery): string => `${pascal(path)}Answer`;

/** What a query's schema takes, as parameters of a route. */
const parametersOf = (schema: z.ZodType): readonly object[] => {
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    ...query(name, property, description as string | undefined),
    required: required.includes(name),
  }));
};

const BYTES = { schema: { type: 'string', format: 'binary' } };

/** Every route of one aggregate, made of its definition. */
export const aggregatePaths = (aggregate: AnyAggregate): Paths => {
  const { path, idName, noun, commands, decider, listing, queries = [] } = aggregate;
  const names = schemaNames(aggregate);
  const id = parameter('path', idName, string);
  const notFound = { 404: problem(`No such ${noun.en}`) };
  const command = (type: string): object => {
    const isFirst = type === decider.startsWith;
    return {
      summary: `${type}: ${commands[type]?.summary}`,
      operationId: camel(`${decider.aggregate}-${type}`),
      tags: [path],
      parameters: isFirst ? [idempotencyKey] : [id, idempotencyKey],
      requestBody: { required: true, content: { 'application/json': { schema: ref(names.body(type)), example: commands[type]?.example } } },
      responses: {
        ...(isFirst ? { 201: answer(names.standing, 'Accepted: recorded for good') } : {}),
        ...(!isFirst || aggregate.idOf !== undefined
          ? { 200: answer(names.standing, isFirst ? 'It was there' : 'Accepted: recorded for good') }
          : {}),
        202: answer('PendingCommand', 'The outcome is not known yet: ask `/v1/commands/{commandId}`'),
        ...UNREADABLE,
        ...UNAUTHENTICATED,
        403: problem('`not-permitted`'),
        ...notFound,
        409: problem(`Refused by the rules: ${refusedBy(aggregate)}`),
        422: problem('The body does not fit, or `key-reused`'),
        ...UNAVAILABLE,
      },
    };
  };
  const list = [...parametersOf(z.strictObject(listing.filters)), ...parametersOf(z.strictObject(LIST_PARAMETERS))];
  return {
    [`/v1/${path}`]: { get: read(`Each ${noun.en}, newest first`, names.page, list), post: command(decider.startsWith) },
    [`/v1/${path}/{${idName}}`]: {
      get: read(`One ${noun.en}`, names.view, [id, query('minSeq', count(0), 'Waits up to 5 s until the read model has seen it')], notFound),
    },
    [`/v1/${path}/{${idName}}/history`]: { get: read('All that happened to it', names.history, [id], notFound) },
    [`/v1/${path}/{${idName}}/at`]: {
      get: read(
        'As it was, by `seq` or by `time`',
        names.view,
        [id, query('seq', count(1)), query('time', { type: 'string', format: 'date-time' })],
        notFound,
      ),
    },
    [`/v1/${path}/{${idName}}/changes`]: {
      get: read('What differs between two seqs', names.changes, [id, query('from', count(1)), query('to', count(1))], notFound),
    },
    ...Object.fromEntries(
      Object.keys(commands)
        .filter((type) => type !== decider.startsWith)
        .map((type) => [`/v1/${path}/{${idName}}/${type}`, { post: command(type) }]),
    ),
    ...filePaths(aggregate),
    ...Object.fromEntries(queries.map((question) => [`/v1/${question.path}`, { get: asked(question) }])),
  };
};

/** Codes of the aggregate's own that stand for a conflict. */
const refusedBy = ({ refusals }: AnyAggregate): string => {
  const codes = Object.entries(refusals).flatMap(([code, { status }]) => (status === 409 ? [`\`${code}\``] : []));
  return codes.join(', ');
};

const asked = (question: AggregateQuery): object => {
  const { summary, description, parameters, forms = {}, isNoJson = false, roles } = question;
  const common = read(summary, answerNameOf(question), parametersOf(parameters)) as {
    readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  };
  const others = Object.fromEntries(Object.keys(forms).map((type) => [type.split(';')[0] ?? type, { schema: { type: 'string' } }]));
  const json = isNoJson ? {} : { 'application/json': { schema: ref(answerNameOf(question)) } };
  return {
    ...common,
    ...(description === undefined ? {} : { description }),
    responses: { ...common.responses, 200: { description: summary, content: { ...json, ...others } }, ...(roles === undefined ? {} : NOT_PERMITTED) },
  };
};

const filePaths = (aggregate: AnyAggregate): Paths => {
  const { path, idName, noun } = aggregate;
  const id = parameter('path', idName, string);
  const names = schemaNames(aggregate);
  const notFound = { 404: problem(`No such ${noun.en}`) };
  return {
    [`/v1/${path}/{${idName}}/files`]: {
      get: read('What was attached to it, oldest first; for whoever may see its photos', names.files, [id], { ...NOT_PERMITTED, ...notFound }),
      post: {
        summary: 'A photo or document as it is, at most 8 MB; `url` is for fields that name files. The same again is the one that is there',
        tags: ['files'],
        parameters: [id],
        requestBody: { required: true, content: Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, BYTES])) },
        responses: {
          201: answer(names.file, 'Attached'),
          400: problem('The body broke off'),
          ...UNAUTHENTICATED,
          ...NOT_PERMITTED,
          ...notFound,
          409: problem('`too-many-files`'),
          413: problem('`file-too-large`'),
          415: problem('`unsupported-file`: by content, whatever its type is said to be'),
          ...UNAVAILABLE,
        },
      },
    },
    [`/v1/${path}/{${idName}}/files/{fileId}`]: {
      get: {
        summary: 'Its content',
        tags: ['files'],
        parameters: [id, parameter('path', 'fileId', string)],
        responses: {
          200: { description: 'The file', content: Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, BYTES])) },
          ...UNAUTHENTICATED,
          ...NOT_PERMITTED,
          404: problem(`No such ${noun.en}; \`no-such-file\`: not there, or erased`),
          ...UNAVAILABLE,
        },
      },
    },
  };
};
