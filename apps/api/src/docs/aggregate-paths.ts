import { formsOf, PDF, XLSX, type AggregateQuery, type AnyAggregate, type EntityQuestion } from '@qiyue/aggregate';
import { COMMON_FIELDS, filePathsOf } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { changesQuery, entityQuery } from '../entities/entity.controllers';
import { listParametersOf } from '../entities/list-query';
import { paperQuery } from '../entities/papers.controller';
import { FILE_TYPES } from '../files/file-content';
import { FORM_FILES_MAX } from '../http/form-body';
import { toldQuery } from '../notices/told.controller';
import { textsOf } from './described';
import { PLATFORM_FIELDS } from './field-texts';
import { operation, parameter, parametersOf, plain, ref, type Answer, type Paths, type Route } from './parts';

/** Parts of a name with a capital each: `refuse-works` → `RefuseWorks`. */
export const pascal = (name: string): string => name.replace(/(^|[-./])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
export const camel = (name: string): string => pascal(name).replace(/^./, (letter) => letter.toLowerCase());

/** Names under which the schemas of one aggregate stand. */
export const schemaNames = ({ decider }: Pick<AnyAggregate, 'decider'>) => {
  const name = pascal(decider.aggregate);
  return {
    view: `${name}View`,
    standing: `${name}Standing`,
    item: `${name}ListItem`,
    page: `${name}Page`,
    found: `${name}sFound`,
    history: `${name}History`,
    changes: `${name}Changes`,
    body: (type: string) => `${name}${pascal(type)}Body`,
    told: `${name}Told`,
    ladder: `${name}Ladder`,
    file: `${name}File`,
    files: `${name}Files`,
    answer: ({ name: question }: Pick<EntityQuestion, 'name'>) => `${name}${pascal(question)}Answer`,
  };
};
export const answerNameOf = ({ path }: AggregateQuery): string => `${pascal(path)}Answer`;

/** What the fields of an aggregate mean. */
export const textsFor = ({ fields = {}, idName, noun }: AnyAggregate) =>
  textsOf(fields, { [idName]: `Id of the ${noun.en}; opaque` }, COMMON_FIELDS, PLATFORM_FIELDS);

const KEY = parameter(
  'header',
  'Idempotency-Key',
  { type: 'string', pattern: '^[!-~]{1,200}$' },
  'The command’s id: the same key gives the same answer for ever. Made by the server when absent.',
);
const binary = (type: string): object => ({ [type]: { schema: { type: 'string', format: 'binary' } } });
export const FILES = Object.assign({}, ...Object.keys(FILE_TYPES).map((type) => binary(type))) as object;

/** Every route of one aggregate, made of its definition. */
export const aggregatePaths = (aggregate: AnyAggregate): Paths => {
  const { path, idName, noun, commands, decider, listing, queries = [], questions = [] } = aggregate;
  const { aggregate: name, startsWith } = decider;
  const names = schemaNames(aggregate);
  const texts = textsFor(aggregate);
  const [all, one] = [`/v1/${path}`, `/v1/${path}/{${idName}}`];
  const absent = { 404: `\`not-found\`: no such ${noun.en}` };
  const query = (shape: z.ZodRawShape): readonly object[] => parametersOf(z.object(shape), texts);
  const moment = { seq: z.int().min(1).optional(), time: z.iso.datetime({ offset: true }).optional() };
  const asked = (question: AggregateQuery): Route => ({
    ...{ operationId: camel(question.path), tag: path, summary: question.summary, parameters: parametersOf(question.parameters, texts) },
    ...describedAs(question),
    answers: { 200: answerOf(question) },
  });
  const rows: readonly (readonly [string, string, Route])[] = [
    [
      all,
      'get',
      {
        ...{
          operationId: camel(path),
          tag: path,
          summary: `Each ${noun.en}, newest first`,
          answers: { 200: [listForms(names.page), 'A page of them'] },
        },
        description: 'JSON a page at a time; CSV and Excel hold all of them from the cursor on, and go on record.',
        parameters: [...query(listing.filters), ...query(listParametersOf(aggregate))],
      },
    ],
    ...(listing.isNumbered === true ? [numberRow(aggregate, all)] : []),
    [all, 'post', commandOf(aggregate, startsWith)],
    [
      one,
      'get',
      {
        ...{ operationId: camel(name), tag: path, summary: `One ${noun.en} as it is`, answers: { 200: [names.view, 'As the reader may see it'] } },
        ...{ parameters: parametersOf(entityQuery, texts), problems: absent },
      },
    ],
    [
      `${one}/history`,
      'get',
      {
        ...{ operationId: `${camel(name)}History`, tag: path, summary: `All that happened to a ${noun.en}`, problems: absent },
        answers: { 200: [names.history, 'Every event, oldest first, with its hash'] },
      },
    ],
    [
      `${one}/at`,
      'get',
      {
        ...{ operationId: `${camel(name)}At`, tag: path, summary: `A ${noun.en} as it was, by \`seq\` or by \`time\`` },
        ...{ parameters: query(moment), answers: { 200: [names.view, 'As it was then'] } as const },
        problems: { 404: `\`not-found\`, \`no-such-state\`: no such ${noun.en}, or not yet then` },
      },
    ],
    [
      `${one}/changes`,
      'get',
      {
        ...{ operationId: `${camel(name)}Changes`, tag: path, summary: `What differs in a ${noun.en} between two seqs` },
        ...{ parameters: parametersOf(changesQuery, texts), answers: { 200: [names.changes, 'Each field that differs'] } as const },
        problems: { 404: `\`not-found\`, \`no-such-state\`: no such ${noun.en}, or not yet then` },
      },
    ],
    ...Object.keys(commands)
      .filter((type) => type !== startsWith)
      .map((type) => [`${one}/${type}`, 'post', commandOf(aggregate, type)] as const),
    ...fileRows(aggregate, one),
    ...toldRows(aggregate, one, texts),
    pageRow(aggregate),
    ...questions.map((question) => {
      const { summary, description } = question;
      return [
        `${one}/${question.name}`,
        'get',
        {
          ...{ operationId: camel(`${name}-${question.name}`), tag: path, summary, problems: absent },
          ...{ description: [description, 'From what the reader may see alone.'].filter((text) => text !== undefined).join(' ') },
          answers: { 200: [names.answer(question), summary] },
        },
      ] as const;
    }),
    ...paperRows(aggregate, one, texts),
    ...queries.map((question) => [`/v1/${question.path}`, 'get', asked(question)] as const),
  ];
  const paths = [...new Set(rows.map(([at]) => at))];
  return Object.fromEntries(
    paths.map((at) => [
      at,
      Object.fromEntries(rows.flatMap(([of, method, route]) => (of === at ? [[method, operation(at, method, route, texts)]] : []))),
    ]),
  );
};

const listForms = (page: string): object => ({ 'application/json': { schema: ref(page) }, ...plain('text/csv'), ...binary(XLSX) });

const numberRow = (aggregate: AnyAggregate, all: string): readonly [string, string, Route] => {
  const { decider, noun, path: tag } = aggregate;
  return [
    `${all}/by-number/{number}`,
    'get',
    {
      ...{ operationId: `${camel(decider.aggregate)}ByNumber`, tag, summary: `By the number that people say: each ${noun.en} that has it` },
      description: 'Small letters and letters of full width, with or without dashes, will do. Two may have the same number, which is rare.',
      answers: { 200: [schemaNames(aggregate).found, 'All that have it'] },
      problems: { 404: `\`not-found\`: no such ${noun.en}`, 422: '`number-slip`: it holds a slip, by its check letter' },
    },
  ];
};

/** Codes of the aggregate that stand for a conflict. */
const conflictsOf = ({ refusals }: AnyAggregate): string =>
  Object.entries(refusals)
    .flatMap(([code, { status }]) => (status === 409 ? [`\`${code}\``] : []))
    .join(', ');

const commandOf = (aggregate: AnyAggregate, type: string): Route => {
  const { path, noun, commands, decider, access, idOf } = aggregate;
  const names = schemaNames(aggregate);
  const { summary, example = {}, since } = commands[type] ?? {};
  const who = Object.entries(access.commands[type] ?? {}).map(([role, rule]) => (rule === 'anyone' ? role : `${role} (${rule})`));
  const accepted = 'Accepted: recorded for good';
  const isFirst = type === decider.startsWith;
  const answers: Readonly<Record<string, Answer>> = {
    ...(isFirst ? { 201: [names.standing, accepted] } : {}),
    ...(isFirst && idOf === undefined ? {} : { 200: [names.standing, isFirst ? 'It was there' : accepted] }),
    202: ['PendingCommand', 'The outcome is not known yet: ask `/v1/commands/{commandId}`'],
  };
  return {
    ...{ operationId: camel(`${decider.aggregate}-${type}`), tag: path, summary: `${type}: ${summary?.en ?? type}`, parameters: [KEY], answers },
    description: `For ${who.join(', ')}.${since === undefined ? '' : ` From rules ${since} on.`} A refusal changes nothing and goes on record.`,
    body: bodyOf(aggregate, type, example),
    problems: {
      404: `\`not-found\`: no such ${noun.en}`,
      409: `Refused by the rules: ${conflictsOf(aggregate)}`,
      422: '`key-reused`: the same key with another body or actor',
    },
  };
};

/** JSON; where the command may name files also a form that brings them. */
const bodyOf = (aggregate: AnyAggregate, type: string, example: object): NonNullable<Route['body']> => {
  const schema = schemaNames(aggregate).body(type);
  const definition = aggregate.commands[type];
  const paths = definition === undefined ? [] : filePathsOf(definition.schema);
  if (paths.length === 0) return { schema, example };
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  const lists = paths.flatMap((path) => /^(\w+)\[\]$/.exec(path)?.[1] ?? []);
  const form = {
    type: 'object',
    description: 'Each file is a part with the name of the field that it is for; one inside of a list of objects as `evidence[0].url`',
    properties: { body: ref(schema), ...Object.fromEntries(lists.map((name) => [name, { type: 'array', items: file, maxItems: FORM_FILES_MAX }])) },
    required: ['body'],
    additionalProperties: lists.length < paths.length ? file : false,
  };
  const encoding = { body: { contentType: 'application/json' } };
  return {
    content: {
      'application/json': { schema: ref(schema), example },
      'multipart/form-data': { schema: form, encoding, example: { body: example } },
    },
  };
};

/** What it says of itself, and who may ask where not everybody may. */
const describedAs = ({ description, roles }: AggregateQuery): Pick<Route, 'description'> => {
  const said = [description, roles === undefined ? undefined : `For ${roles.join(', ')}.`].filter((text) => text !== undefined);
  return said.length === 0 ? {} : { description: said.join(' ') };
};

const answerOf = (question: AggregateQuery): Answer => {
  const json = { 'application/json': { schema: ref(answerNameOf(question)) } };
  const contents = formsOf(question).map((type) => (type in json ? json : contentAs(type.split(';')[0] ?? type)));
  return [Object.assign({}, ...contents) as object, question.summary];
};
const contentAs = (type: string): object => (type.startsWith('text/') ? plain(type) : binary(type));

const paperRows = (
  { decider, noun, path: tag, papers = {} }: AnyAggregate,
  one: string,
  texts: ReturnType<typeof textsFor>,
): readonly (readonly [string, string, Route])[] =>
  Object.entries(papers).map(([name, { summary }]) => [
    `${one}/papers/${name}`,
    'get',
    {
      ...{ operationId: `${camel(decider.aggregate)}${pascal(name)}Paper`, tag, summary, parameters: parametersOf(paperQuery, texts) },
      description:
        'PDF, A4, with its letters inside; in the language of `Accept-Language`. It holds what the reader may see, and names the record that it was made from, with its hash: the same record gives the same bytes.',
      answers: { 200: [binary(PDF), 'The document, to be saved or printed'] },
      problems: { 404: `\`not-found\`: no such ${noun.en}; \`no-such-paper\`: there is none yet; \`no-such-state\`: no such seq` },
    },
  ]);

/** Where links of notices lead. */
const pageRow = ({ decider, noun, path: tag, idName, publicPage }: AnyAggregate): readonly [string, string, Route] => [
  `/${tag}/{${idName}}`,
  'get',
  {
    ...{
      operationId: `${camel(decider.aggregate)}Page`,
      tag,
      summary: `A page for people: what is public of a ${noun.en}, and how to read more`,
      isOpen: true,
    },
    answers: {
      200: [plain('text/html'), publicPage === undefined ? 'That nothing is public, and how to sign in' : 'What anybody may read'],
      ...(publicPage === undefined ? {} : { 404: [plain('text/html'), `No such ${noun.en}`] as const }),
    },
    problems: { 429: '`too-many-requests`: see `Retry-After`' },
  },
];

const FOR_THOSE_CONCERNED = 'For supervisor, centre, authority and operator, and the communities and departments that it concerns.';

const toldRows = (
  { decider, noun, path: tag }: AnyAggregate,
  one: string,
  texts: ReturnType<typeof textsFor>,
): readonly (readonly [string, string, Route])[] => {
  const [names, name] = [schemaNames({ decider }), camel(decider.aggregate)];
  const absent = { 404: `\`not-found\`: no such ${noun.en}` };
  return [
    [
      `${one}/notices`,
      'get',
      {
        ...{
          operationId: `${name}Notices`,
          tag,
          summary: `Who was told what of a ${noun.en}, newest first: when, on which way, and whether they read it`,
        },
        ...{ description: FOR_THOSE_CONCERNED, parameters: parametersOf(toldQuery, texts), problems: absent },
        answers: { 200: [names.told, 'A page of it'] },
      },
    ],
    [
      `${one}/ladder`,
      'get',
      {
        ...{ operationId: `${name}Ladder`, tag, summary: `The steps of the deadlines of a ${noun.en} that were taken, each with who was told of it` },
        ...{ description: FOR_THOSE_CONCERNED, problems: absent, answers: { 200: [names.ladder, 'By deadline, oldest first'] } as const },
      },
    ],
  ];
};

const fileRows = (aggregate: AnyAggregate, one: string): readonly (readonly [string, string, Route])[] => {
  const { decider, noun, path: tag } = aggregate;
  const [names, name] = [schemaNames(aggregate), camel(decider.aggregate)];
  const absent = `\`not-found\`: no such ${noun.en}`;
  return [
    [
      `${one}/files`,
      'get',
      {
        ...{ operationId: `${name}Files`, tag, summary: `What was attached to a ${noun.en}, oldest first`, problems: { 404: absent } },
        ...{ description: 'For whoever may see its photos.', answers: { 200: [names.files, 'All that is there'] } as const },
      },
    ],
    [
      `${one}/files`,
      'post',
      {
        ...{
          operationId: `attach${pascal(decider.aggregate)}File`,
          tag,
          summary: 'Attaches a photo or document, at most 8 MB',
          body: { content: FILES },
        },
        description:
          'The body is the file as it is; a picture longer than 1,920 pixels is made smaller. `url` of the answer is for fields that name files. The same file again is the one that is there.',
        answers: { 201: [names.file, 'Attached'] },
        problems: {
          404: absent,
          409: '`too-many-files`',
          413: '`file-too-large`',
          415: '`unsupported-file`: by content, whatever its type is said to be',
          422: '`unreadable-file`: what it tells of place and device cannot be taken out',
        },
      },
    ],
    [
      `${one}/files/{fileId}`,
      'get',
      {
        ...{
          operationId: `${name}File`,
          tag,
          summary: 'The content of a file',
          answers: { 200: [FILES, 'The file, marked with who took it'] } as const,
        },
        ...{
          description: 'For whoever may see its photos. It goes on record.',
          problems: { 404: `${absent}; \`no-such-file\`: not there, or erased` },
        },
      },
    ],
  ];
};
